// root: customer
// $p0: variable id, ID
// $p1: 6
// $p2: 4
// $p3: 3
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
RETURN {
  _about: n.id,
  orders: COLLECT {
    MATCH (n)-[:PLACED]->(n_orders:Order)
    WITH n_orders
    ORDER BY n_orders.id
    LIMIT $p1
    RETURN {
      cases: COLLECT {
        MATCH (n_orders)<-[:CONCERNS]-(n_orders_cases:Case)
        WHERE (EXISTS { (n_orders_cases)<-[:OPENED]-(n_orders_cases_customer:Customer) WHERE n_orders_cases_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_orders_cases)<-[:OPENED]-(:Customer) }))
        WITH n_orders_cases
        ORDER BY n_orders_cases.id
        LIMIT $p2
        RETURN {
          _about: [(n_orders_cases)<-[:OPENED]-(n_orders_cases_who:Customer) | n_orders_cases_who.id],
          interactions: COLLECT {
            MATCH (n_orders_cases)<-[:ABOUT]-(n_orders_cases_interactions:Interaction)
            WHERE (EXISTS { (n_orders_cases_interactions)<-[:HAD]-(n_orders_cases_interactions_customer:Customer) WHERE n_orders_cases_interactions_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_orders_cases_interactions)<-[:HAD]-(:Customer) }))
            WITH n_orders_cases_interactions
            ORDER BY n_orders_cases_interactions.id
            LIMIT $p2
            RETURN {
              _about: [(n_orders_cases_interactions)<-[:HAD]-(n_orders_cases_interactions_who:Customer) | n_orders_cases_interactions_who.id],
              customer: COLLECT {
                MATCH (n_orders_cases_interactions)<-[:HAD]-(n_orders_cases_interactions_customer:Customer)
                WHERE n_orders_cases_interactions_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
                WITH n_orders_cases_interactions_customer
                ORDER BY n_orders_cases_interactions_customer.id
                LIMIT 1
                RETURN {
                  _about: n_orders_cases_interactions_customer.id,
                  orders: COLLECT {
                    MATCH (n_orders_cases_interactions_customer)-[:PLACED]->(n_orders_cases_interactions_customer_orders:Order)
                    WITH n_orders_cases_interactions_customer_orders
                    ORDER BY n_orders_cases_interactions_customer_orders.id
                    LIMIT $p3
                    RETURN {
                      id: n_orders_cases_interactions_customer_orders.id
                    } AS row
                  }
                } AS row
              }[0]
            } AS row
          }
        } AS row
      }
    } AS row
  }
} AS row
