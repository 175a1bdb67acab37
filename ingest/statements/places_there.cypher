// Which of these places have a record, and which of these handles are somebody's: nothing of the erased is.
CALL () {
  UNWIND $places AS key
  MATCH (:SourceRecord {sourceKey: key})
  RETURN key
  UNION
  UNWIND $identities AS key
  MATCH (handle:Identity {sourceKey: key})
  WHERE EXISTS { (handle)<-[:HAS_IDENTITY]-() }
  RETURN key
}
RETURN key
