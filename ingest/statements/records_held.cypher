// What the loader knows every row by, and what it last said of it.
MATCH (record:SourceRecord)
WHERE record.sourceKey IS NOT NULL
RETURN {key: record.sourceKey, digest: record.sourceDigest, kind: record.kind, system: record.system} AS row
