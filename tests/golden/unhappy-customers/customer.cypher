// root: interactions
// $p0: variable most, Float
// $p1: 2, Int
// $p2: 11
MATCH (n:Interaction)<-[:HAD]-(:Customer {id: $actor_id})
WITH DISTINCT n
WHERE EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_customer.id = $actor_id }
  AND (n.sentiment < $p0 OR n.satisfaction <= $p1)
WITH n
ORDER BY n.sentiment, n.id
LIMIT $p2
RETURN {
  id: n.id,
  stage: n.stage,
  sentiment: n.sentiment,
  satisfaction: n.satisfaction,
  _about: [(n)<-[:HAD]-(n_who:Customer) | n_who.id],
  customer: COLLECT {
    MATCH (n)<-[:HAD]-(n_customer:Customer)
    WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n_customer.id = $actor_id
    WITH n_customer
    ORDER BY n_customer.id
    LIMIT 1
    RETURN {
      id: n_customer.id
    } AS row
  }[0]
} AS row
