// root: orders
// $p0: variable order, String
// $p1: 3
MATCH (n:Order)<-[:PLACED]-(:Customer {id: $actor_id})
WITH DISTINCT n
WHERE EXISTS { (n)<-[:PLACED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_customer.id = $actor_id }
  AND n.number = $p0
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  number: n.number,
  _about: [(n)<-[:PLACED]-(n_who:Customer) | n_who.id],
  customer: COLLECT {
    MATCH (n)<-[:PLACED]-(n_customer:Customer)
    WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n_customer.id = $actor_id
    WITH n_customer
    ORDER BY n_customer.id
    LIMIT 1
    RETURN {
      id: n_customer.id,
      name: n_customer.name
    } AS row
  }[0]
} AS row

// root: invoices
// $p0: variable invoice, String
// $p1: 3
MATCH (n:Invoice)<-[:BILLED_BY]-(:Order)<-[:PLACED]-(:Customer {id: $actor_id})
WITH DISTINCT n
WHERE EXISTS { (n)<-[:BILLED_BY]-(n_order:Order) WHERE EXISTS { (n_order)<-[:PLACED]-(n_order_customer:Customer) WHERE n_order_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_order_customer.id = $actor_id } }
  AND n.number = $p0
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  number: n.number,
  _about: [(n)<-[:BILLED_BY]-(:Order)<-[:PLACED]-(n_who:Customer) | n_who.id],
  order: COLLECT {
    MATCH (n)<-[:BILLED_BY]-(n_order:Order)
    WHERE EXISTS { (n_order)<-[:PLACED]-(n_order_customer:Customer) WHERE n_order_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_order_customer.id = $actor_id }
    WITH n_order
    ORDER BY n_order.id
    LIMIT 1
    RETURN {
      _about: [(n_order)<-[:PLACED]-(n_order_who:Customer) | n_order_who.id],
      customer: COLLECT {
        MATCH (n_order)<-[:PLACED]-(n_order_customer:Customer)
        WHERE n_order_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
          AND n_order_customer.id = $actor_id
        WITH n_order_customer
        ORDER BY n_order_customer.id
        LIMIT 1
        RETURN {
          id: n_order_customer.id,
          name: n_order_customer.name
        } AS row
      }[0]
    } AS row
  }[0]
} AS row

// root: cases
// $p0: variable case, String
// $p1: 3
MATCH (n:Case)<-[:OPENED]-(:Customer {id: $actor_id})
WITH DISTINCT n
WHERE EXISTS { (n)<-[:OPENED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_customer.id = $actor_id }
  AND n.number = $p0
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  number: n.number,
  _about: [(n)<-[:OPENED]-(n_who:Customer) | n_who.id],
  customer: COLLECT {
    MATCH (n)<-[:OPENED]-(n_customer:Customer)
    WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n_customer.id = $actor_id
    WITH n_customer
    ORDER BY n_customer.id
    LIMIT 1
    RETURN {
      id: n_customer.id,
      name: n_customer.name
    } AS row
  }[0]
} AS row

// root: shipments
// $p0: variable parcel, String
// $p1: 3
MATCH (n:Shipment)<-[:SHIPPED_BY]-(:Order)<-[:PLACED]-(:Customer {id: $actor_id})
WITH DISTINCT n
WHERE EXISTS { (n)<-[:SHIPPED_BY]-(n_order:Order) WHERE EXISTS { (n_order)<-[:PLACED]-(n_order_customer:Customer) WHERE n_order_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_order_customer.id = $actor_id } }
  AND n.number = $p0
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  number: n.number,
  _about: [(n)<-[:SHIPPED_BY]-(:Order)<-[:PLACED]-(n_who:Customer) | n_who.id],
  order: COLLECT {
    MATCH (n)<-[:SHIPPED_BY]-(n_order:Order)
    WHERE EXISTS { (n_order)<-[:PLACED]-(n_order_customer:Customer) WHERE n_order_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_order_customer.id = $actor_id }
    WITH n_order
    ORDER BY n_order.id
    LIMIT 1
    RETURN {
      _about: [(n_order)<-[:PLACED]-(n_order_who:Customer) | n_order_who.id],
      customer: COLLECT {
        MATCH (n_order)<-[:PLACED]-(n_order_customer:Customer)
        WHERE n_order_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
          AND n_order_customer.id = $actor_id
        WITH n_order_customer
        ORDER BY n_order_customer.id
        LIMIT 1
        RETURN {
          id: n_order_customer.id,
          name: n_order_customer.name
        } AS row
      }[0]
    } AS row
  }[0]
} AS row

// root: addresses
// $p0: variable postalCode, String
// $p1: 51
// $p2: variable familyName, String
// $p3: 6
MATCH (n:Address)<-[:LIVES_AT]-(:Customer {id: $actor_id})
WITH DISTINCT n
WHERE EXISTS { (n)<-[:LIVES_AT]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_customer.id = $actor_id }
  AND n.postalCode = $p0
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  _about: [(n)<-[:LIVES_AT]-(n_who:Customer) | n_who.id],
  residents: COLLECT {
    MATCH (n)<-[:LIVES_AT]-(n_residents:Customer)
    WHERE n_residents.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n_residents.id = $actor_id
      AND n_residents.familyName = $p2
    WITH n_residents
    ORDER BY n_residents.id
    LIMIT $p3
    RETURN {
      id: n_residents.id,
      name: n_residents.name
    } AS row
  }
} AS row
