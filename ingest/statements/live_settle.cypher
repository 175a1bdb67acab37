// What a record of a live source is kept with beside what the model shows: what it waits for, and what it holds.
UNWIND $rows AS row
MATCH (record:SourceRecord {sourceKey: row.key})
SET record.waitsForUser = row.user, record.waitsForDevice = row.device, record.waitsForRecord = row.record,
  record.arrival = row.arrival,
  record.liveRow = row.liveRow, record.toldAt = row.told, record.optedOut = row.optedOut
