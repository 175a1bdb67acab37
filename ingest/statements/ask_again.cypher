// Questions that a decision had answered which is void now.
MATCH (candidate:MatchCandidate {closedOn: $decision})
SET candidate.state = 'OPEN', candidate.closedAt = null, candidate.closedBy = null, candidate.closedOn = null
WITH candidate
MATCH (candidate)-[:COMPARES]->(record:SourceRecord)
WHERE record.resolution <> 'REVIEW'
SET record.resolution = 'REVIEW', record.sourceDigest = null
