// A hold ends, once.
MATCH (hold:LegalHold {id: $id})
WHERE hold.releasedAt IS NULL
SET hold.releasedAt = $now, hold.releasedBy = $role
RETURN hold.id
