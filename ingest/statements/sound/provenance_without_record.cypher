// Golden values that are said to come from a record that is not there.
MATCH (proof:AttributeProvenance {chosen: true})<-[:PROVEN_BY]-(:Customer)
WHERE proof.recordId IS NOT NULL
  AND NOT EXISTS { MATCH (record:SourceRecord {recordId: proof.recordId}) WHERE record.kind IN $kinds }
RETURN count(proof)
