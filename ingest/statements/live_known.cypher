// What the graph knows that some live events may be about, in one answer. Customers by handle, by record or by their very
// name; records that are there already, with what they hold of a live customer, how new that is and to whom a person
// attached what they record; which system a node is of already, where a record made it; and who of them was erased. Planned once, whatever the
// graph holds by then: each look-up is led to its index, and the other end of a relationship has no label that could be
// looked through in its place.
CYPHER replan=skip
RETURN {
  people: COLLECT {
    CALL () {
      UNWIND $asked.identities AS key
      MATCH (identity:Identity {sourceKey: key})
      USING INDEX identity:Identity(sourceKey)
      CALL (identity) { MATCH (identity)<-[:HAS_IDENTITY]-(customer) RETURN customer LIMIT 61 }
      RETURN customer
      UNION
      UNWIND $asked.records AS key
      MATCH (record:SourceRecord {sourceKey: key})-[:RESOLVES_TO]->(customer:Customer)
      USING INDEX record:SourceRecord(sourceKey)
      RETURN customer
      UNION
      UNWIND $asked.names AS name
      CALL (name) {
        MATCH (customer:Customer {name: name})
        USING INDEX customer:Customer(name)
        RETURN customer LIMIT 61
      }
      RETURN customer
    }
    WITH DISTINCT customer
    WHERE customer.sourceKey IS NOT NULL
    RETURN {key: customer.sourceKey, id: customer.id, person: customer.kind = 'PERSON', given: customer.givenName,
      family: customer.familyName, born: toString(customer.birthDate), region: customer.region,
      identities: COLLECT {
        MATCH (customer)-[:HAS_IDENTITY]->(identity)
        RETURN {kind: identity.kind, value: identity.normalized, blocked: identity.blocked} LIMIT 1000
      },
      records: COLLECT {
        MATCH (customer)<-[:RESOLVES_TO]-(record)
        RETURN {system: record.system, kind: record.kind, key: record.recordId, place: record.sourceKey,
          row: record.liveRow}
      },
      proofs: COLLECT {
        MATCH (customer)-[:PROVEN_BY]->(proof)
        RETURN {system: proof.system, key: proof.recordId, attribute: proof.attribute, value: proof.value}
      },
      corrections: COLLECT {
        MATCH (customer)-[:CORRECTED]->(made)
        RETURN {id: made.id, attribute: made.attribute, value: made.value, at: made.at.epochMillis, on: made.on,
          held: made.held, address: made.address, customer: customer.sourceKey}
      },
      decided: CASE WHEN $asked.decided THEN COLLECT {
        MATCH (customer)-[:GAVE]->(made)
        RETURN {records: coalesce(made.onRecords, []) + [coalesce(made.onRecord, made.source)], purpose: made.purpose,
          settles: made.settles, state: made.state,
          captured: made.capturedAt.epochMillis, expires: made.expiresAt.epochMillis, most: made.mostPerMonth}
      } ELSE [] END}
  },
  records: COLLECT {
    UNWIND $asked.records AS key
    MATCH (record:SourceRecord {sourceKey: key})
    USING INDEX record:SourceRecord(sourceKey)
    RETURN {key: key, row: record.liveRow, told: record.toldAt.epochMillis, attached: head(COLLECT {
      MATCH (record)-[:RECORDS]->(thing)<-[:HAD]-(owner)
      WHERE thing.attachedBy IS NOT NULL
      RETURN owner.sourceKey
    }), owner: head(COLLECT {
      MATCH (record)-[:RESOLVES_TO]->(owner)
      RETURN {key: owner.sourceKey, id: owner.id} AS owner
      UNION
      MATCH (record)-[:RECORDS]->(thing)<-[:HAD|PLACED|OPENED|GAVE|RECEIVED]-(owner)
      RETURN {key: owner.sourceKey, id: owner.id} AS owner
    })}
  },
  owners: COLLECT {
    UNWIND $asked.made AS made
    CALL (made) { MATCH (n:$(made.label) {sourceKey: made.key}) RETURN n LIMIT 1 }
    RETURN {label: made.label, key: made.key, systems: COLLECT {
      MATCH (n)<-[:RECORDS]-(record)
      RETURN DISTINCT record.system
    }}
  },
  suppressed: COLLECT {
    UNWIND $asked.hashes AS hash
    MATCH (one:Suppression {hash: hash})
    USING INDEX one:Suppression(hash)
    RETURN {hash: hash, receipt: one.receipt}
  },
  check: head(COLLECT {
    MATCH (key:SuppressionKey {of: 'key'}) WHERE EXISTS { MATCH (:Suppression) } RETURN key.check
  })
} AS row
