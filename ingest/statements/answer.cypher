// Questions that a decision answers: of two records that it joins, or that it parts.
MATCH (decision:MatchDecision {id: $decision})-[here:DECIDED]->(:SourceRecord)<-[:COMPARES]-(candidate:MatchCandidate)
  -[:COMPARES]->(:SourceRecord)<-[there:DECIDED]-(decision)
WHERE candidate.state = 'OPEN' AND ($joins OR here.side <> there.side)
WITH DISTINCT candidate
SET candidate.state = CASE WHEN $joins THEN 'SAME' ELSE 'DIFFERENT' END, candidate.closedAt = $now,
  candidate.closedBy = 'person', candidate.closedOn = $decision
WITH candidate
MATCH (candidate)-[:COMPARES]->(record:SourceRecord)
WITH DISTINCT record
WHERE record.resolution = 'REVIEW' AND NOT EXISTS { (record)<-[:COMPARES]-(:MatchCandidate {state: 'OPEN'}) }
SET record.resolution = 'RESOLVED', record.sourceDigest = null
