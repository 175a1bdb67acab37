// A receipt and the systems that are told.
MATCH (receipt:ErasureReceipt)
WHERE receipt.id = $id OR receipt.customer = $id OR $id IN receipt.merged
WITH receipt ORDER BY receipt.askedAt DESC LIMIT 1
RETURN {properties: receipt {
    .id, .customer, .merged, .state, .step, .steps, .going, .staying, .leftOut, .preview,
    removedAt: toString(receipt.removedAt), doneAt: toString(receipt.doneAt), liftedAt: toString(receipt.liftedAt),
    keysForgottenAt: toString(receipt.keysForgottenAt), compactedAt: toString(receipt.compactedAt)
  },
  notices: COLLECT {
    MATCH (receipt)-[:NOTIFIES]->(notice:ErasureNotice)
    OPTIONAL MATCH (notice)-[:CARRIED_BY]->(delivery:Delivery)
    RETURN {system: notice.system, records: size(notice.records), byPerson: notice.byPerson,
      confirmedAt: toString(notice.confirmedAt), delivery: delivery.state} AS row
    ORDER BY notice.system
  }} AS row
