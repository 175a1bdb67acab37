// Golden values that are said to come from a record that is not there, or from a correction that is not there.
MATCH (proof:AttributeProvenance {chosen: true})<-[:PROVEN_BY]-(customer:Customer)
WHERE proof.recordId IS NOT NULL
  AND NOT EXISTS { MATCH (record:SourceRecord {recordId: proof.recordId}) WHERE record.kind IN $kinds }
  AND NOT EXISTS { (customer)-[:CORRECTED]->(:Correction {id: proof.recordId}) }
RETURN count(proof)
