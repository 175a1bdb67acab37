// What data subjects wait for, the most urgent first. Of nobody by name.
MATCH (request:PrivacyRequest)
WHERE request.state IN $open
RETURN {id: request.id, kind: request.kind, state: request.state, due: request.dueAt.epochMillis} AS row
ORDER BY request.dueAt, request.id
