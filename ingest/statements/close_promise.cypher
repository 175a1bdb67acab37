// What became of a promise that was open; no row where it is not open any more.
MATCH (promise:Promise {id: $promise, state: 'OPEN'})
SET promise += $properties
WITH promise
MATCH (customer:Customer)-[:WAS_PROMISED]->(promise)
RETURN {customer: customer.id, madeAt: promise.madeAt.epochMillis, dueAt: promise.dueAt.epochMillis} AS row
