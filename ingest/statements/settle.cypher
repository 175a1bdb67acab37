// What became of pairs: asked again, or answered by other evidence.
UNWIND $rows AS row
MATCH (candidate:MatchCandidate {sourceKey: row.key})
SET candidate.state = row.state,
  candidate.closedAt = CASE row.state WHEN 'OPEN' THEN null ELSE $now END,
  candidate.closedBy = CASE row.state WHEN 'OPEN' THEN null ELSE row.by END
