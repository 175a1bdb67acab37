// Which systems hold a record of the customer and take changes of this kind, and which place in her order is next. Of a
// value those alone are told whose record has one; a country alone is no address.
MATCH (customer:Customer {id: $customer})<-[:RESOLVES_TO]-(record:SourceRecord)
MATCH (system:SourceSystem {name: record.system}) WHERE $what IN system.takes
  AND ($holding IS NULL OR EXISTS {
    MATCH (customer)-[:PROVEN_BY]->(proof:AttributeProvenance {attribute: $holding, system: record.system})
    WHERE proof.recordId = record.recordId AND size(proof.value) > 2
  })
WITH customer, system.name AS system, record.recordId AS record ORDER BY system, record
WITH customer, system, collect(DISTINCT record) AS records
WITH customer, collect({system: system, records: records}) AS takers
SET customer.id = customer.id
WITH customer, takers
SET customer.toldOf = coalesce(customer.toldOf, 0) + 1
WITH customer.toldOf AS sequence, takers
UNWIND takers AS taker
RETURN {system: taker.system, records: taker.records, sequence: sequence} AS row
