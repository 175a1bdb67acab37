// root: matchCandidates
// $p0: 'OPEN', Enum
// $p1: 21
RETURN {
  rows: COLLECT {
    CALL () {
      MATCH (n:MatchCandidate)
      WHERE n.probability IS NOT NULL
        AND EXISTS { (n)-[:COMPARES]->(n_sourcerecord:SourceRecord) WHERE (EXISTS { (n_sourcerecord)-[:RESOLVES_TO]->(n_sourcerecord_customer:Customer) WHERE n_sourcerecord_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_sourcerecord)-[:RESOLVES_TO]->(:Customer) })) }
        AND NOT (EXISTS { (n)-[:COMPARES]->(n_sourcerecord:SourceRecord) WHERE CASE WHEN (EXISTS { (n_sourcerecord)-[:RESOLVES_TO]->(n_sourcerecord_customer:Customer) WHERE n_sourcerecord_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_sourcerecord)-[:RESOLVES_TO]->(:Customer) })) THEN false ELSE true END })
        AND n.state = $p0
      WITH n
      ORDER BY n.probability DESC, n.id
      LIMIT $p1
      RETURN collect(n) AS first
    }
    CALL (first) {
      UNWIND first AS n
      RETURN n
      UNION ALL
      UNWIND CASE WHEN size(first) < $p1 THEN [true] ELSE [] END AS more
      CALL (more) {
        MATCH (n:MatchCandidate)
        WHERE n.probability IS NULL
          AND EXISTS { (n)-[:COMPARES]->(n_sourcerecord:SourceRecord) WHERE (EXISTS { (n_sourcerecord)-[:RESOLVES_TO]->(n_sourcerecord_customer:Customer) WHERE n_sourcerecord_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_sourcerecord)-[:RESOLVES_TO]->(:Customer) })) }
          AND NOT (EXISTS { (n)-[:COMPARES]->(n_sourcerecord:SourceRecord) WHERE CASE WHEN (EXISTS { (n_sourcerecord)-[:RESOLVES_TO]->(n_sourcerecord_customer:Customer) WHERE n_sourcerecord_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_sourcerecord)-[:RESOLVES_TO]->(:Customer) })) THEN false ELSE true END })
          AND n.state = $p0
        WITH n
        ORDER BY n.id
        LIMIT $p1
        RETURN n
      }
      RETURN n
    }
    WITH n
    ORDER BY n.probability IS NULL, n.probability DESC, n.id
    LIMIT $p1
    RETURN {
      id: n.id,
      probability: n.probability,
      evidence: n.evidence,
      _about: [(n)-[:COMPARES]->(:SourceRecord)-[:RESOLVES_TO]->(n_who:Customer) | n_who.id],
      records: COLLECT {
        MATCH (n)-[:COMPARES]->(n_records:SourceRecord)
        WHERE (EXISTS { (n_records)-[:RESOLVES_TO]->(n_records_customer:Customer) WHERE n_records_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_records)-[:RESOLVES_TO]->(:Customer) }))
        WITH n_records
        ORDER BY n_records.id
        LIMIT $p1
        RETURN {
          id: n_records.id,
          system: n_records.system,
          _about: [(n_records)-[:RESOLVES_TO]->(n_records_who:Customer) | n_records_who.id],
          customer: COLLECT {
            MATCH (n_records)-[:RESOLVES_TO]->(n_records_customer:Customer)
            WHERE n_records_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
            WITH n_records_customer
            ORDER BY n_records_customer.id
            LIMIT 1
            RETURN {
              id: n_records_customer.id,
              name: n_records_customer.name
            } AS row
          }[0]
        } AS row
      }
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:MatchCandidate)
    WHERE EXISTS { (n)-[:COMPARES]->(n_sourcerecord:SourceRecord) WHERE (EXISTS { (n_sourcerecord)-[:RESOLVES_TO]->(n_sourcerecord_customer:Customer) WHERE n_sourcerecord_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_sourcerecord)-[:RESOLVES_TO]->(:Customer) })) }
      AND NOT (EXISTS { (n)-[:COMPARES]->(n_sourcerecord:SourceRecord) WHERE CASE WHEN (EXISTS { (n_sourcerecord)-[:RESOLVES_TO]->(n_sourcerecord_customer:Customer) WHERE n_sourcerecord_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_sourcerecord)-[:RESOLVES_TO]->(:Customer) })) THEN false ELSE true END })
      AND n.state = $p0
    RETURN 1 AS one LIMIT 10000
  })
} AS row
