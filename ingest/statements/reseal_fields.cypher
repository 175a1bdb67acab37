// Fields sealed anew, where they still are what they were. The digest told of the old text: it goes.
UNWIND $rows AS row
MATCH (n:«LABEL» {sourceKey: row.place})
WHERE all(name IN keys(row.before) WHERE n[name] = row.before[name])
SET n += row.after, n.sourceDigest = null
RETURN n.sourceKey
