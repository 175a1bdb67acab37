// Changes by the clock of the database, page after page; the first page begins some seconds ago.
WITH coalesce(datetime($at), datetime() - duration({seconds: $seconds})) AS since
MATCH (change:Change)
WHERE change.at >= since AND (change.at > since OR change.id > $id)
WITH change ORDER BY change.at, change.id LIMIT $most
RETURN {at: toString(change.at), id: change.id, name: change.name, record: change.record,
  about: [(change)-[:CHANGED]->(who:Customer) | who.id]} AS row
