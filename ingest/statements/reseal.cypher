// Values of rows sealed anew, where they still are what they were. The digest of a row whose values were plain tells of
// them: it goes.
UNWIND $rows AS row
MATCH (record:SourceRecord {sourceKey: row.place})
WHERE all(name IN keys(row.before) WHERE record[name] = row.before[name])
SET record += row.after
SET record.sourceDigest = CASE WHEN row.plain THEN null ELSE record.sourceDigest END
RETURN record.sourceKey
