// A request as it stands, and whose it is; of one who was erased it is nobody's.
MATCH (request:PrivacyRequest {id: $request})
OPTIONAL MATCH (request)-[:REQUESTED_BY]->(customer:Customer)
RETURN {kind: request.kind, state: request.state, purposes: request.purposes, customer: customer.id,
  received: request.receivedAt.epochMillis, due: request.dueAt.epochMillis,
  extended: request.extendedAt IS NOT NULL} AS row
