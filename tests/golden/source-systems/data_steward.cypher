// root: sourceSystems
// $p0: 31
// $p1: 3
CALL () {
  MATCH (n:SourceSystem)
  USING INDEX n:SourceSystem(name)
  WHERE n.name IS NOT NULL
  WITH n
  ORDER BY n.name, n.id
  LIMIT $p0
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p0 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:SourceSystem)
    WHERE n.name IS NULL
    WITH n
    ORDER BY n.id
    LIMIT $p0
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.name, n.id
LIMIT $p0
RETURN {
  name: n.name,
  loadedAt: toString(n.loadedAt),
  records: COLLECT {
    MATCH (n)<-[:FROM]-(n_records:SourceRecord)
    WHERE (EXISTS { (n_records)-[:RESOLVES_TO]->(n_records_customer:Customer) WHERE n_records_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_records)-[:RESOLVES_TO]->(:Customer) }))
    WITH n_records
    ORDER BY n_records.id
    LIMIT $p1
    RETURN {
      id: n_records.id,
      kind: n_records.kind,
      _about: [(n_records)-[:RESOLVES_TO]->(n_records_who:Customer) | n_records_who.id]
    } AS row
  }
} AS row
