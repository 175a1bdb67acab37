// Whether a record shows that a request was fulfilled: a correction or a source's row of hers since then, or a receipt.
MATCH (request:PrivacyRequest {id: $request})
RETURN CASE request.kind
  WHEN 'RECTIFICATION' THEN EXISTS {
    (request)-[:REQUESTED_BY]->(:Customer)<-[:CHANGED]-(change:Change {id: $reference})
    WHERE change.name IN ['correctAddress', 'correctName'] AND change.at >= request.receivedAt
  } OR EXISTS {
    (request)-[:REQUESTED_BY]->(:Customer)<-[:RESOLVES_TO]-(record:SourceRecord {id: $reference})
    WHERE record.loadedAt >= request.receivedAt
  }
  WHEN 'ERASURE' THEN EXISTS {
    (:ErasureReceipt {id: $reference})-[:KEEPS]->(request)
  }
  ELSE false END AS row
