// A decision, whether it was taken back, and its records: whose they were, and whose they are.
MATCH (decision:MatchDecision {id: $decision})
RETURN {form: decision.form, survivor: decision.survivor, target: decision.target, within: decision.within,
  at: decision.at.epochMillis, owned: coalesce(decision.owned, []), void: EXISTS { (decision)<-[:UNDOES]-() },
  records: COLLECT {
    MATCH (decision)-[on:DECIDED]->(record:SourceRecord)
    OPTIONAL MATCH (record)-[:RESOLVES_TO]->(customer:Customer)
    RETURN {id: record.id, kind: record.kind, system: record.system, key: record.recordId, side: on.side,
      was: on.customer, customer: customer.sourceKey}
  },
  absorbed: COLLECT { MATCH (absorbed:AbsorbedCustomer)-[:ABSORBED_INTO {by: $decision}]->() RETURN absorbed.sourceKey }
} AS row
