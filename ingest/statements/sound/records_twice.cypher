// Records that are there more often than they were delivered: one key of a system for several nodes. What a system
// delivers several times in one export is told apart by the number after its key.
CALL () {
  MATCH (record:SourceRecord) WHERE record.sourceKey IS NOT NULL
  WITH record.sourceKey AS key, count(*) AS times WHERE times > 1
  RETURN sum(times - 1) AS doubles
}
CALL () {
  MATCH (record:SourceRecord)
  WITH record.system AS system, record.kind AS kind, record.recordId AS id, collect(record.sourceKey) AS keys
  WHERE size(keys) > 1
    AND NOT all(number IN range(2, size(keys)) WHERE any(key IN keys WHERE key ENDS WITH '#' + number))
  RETURN count(*) AS strangers
}
RETURN doubles + strangers
