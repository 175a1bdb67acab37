// root: campaigns
// $p0: variable number, String
// $p1: 2
// $p2: True, Boolean
// $p3: 11
MATCH (n:Campaign)
WHERE n.number = $p0
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  name: n.name,
  purpose: n.purpose,
  channel: n.channel,
  startsOn: toString(n.startsOn),
  coupon: n.coupon,
  _total_outreach: size(COLLECT {
    MATCH (n)<-[:PART_OF_CAMPAIGN]-(n_outreach:Outreach)
    WHERE EXISTS { (n_outreach)<-[:RECEIVED]-(n_outreach_customer:Customer) WHERE n_outreach_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_outreach_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_outreach_customer)<-[:SERVES]-(n_outreach_customer_team:Team) WHERE EXISTS { (n_outreach_customer_team)<-[:WORKS_IN]-(n_outreach_customer_team_employee:Employee) WHERE n_outreach_customer_team_employee.number = $actor_id } }) }
    RETURN 1 AS one LIMIT 10000
  }),
  _total_outreach_2: size(COLLECT {
    MATCH (n)<-[:PART_OF_CAMPAIGN]-(n_outreach_2:Outreach)
    WHERE EXISTS { (n_outreach_2)<-[:RECEIVED]-(n_outreach_2_customer:Customer) WHERE n_outreach_2_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_outreach_2_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_outreach_2_customer)<-[:SERVES]-(n_outreach_2_customer_team:Team) WHERE EXISTS { (n_outreach_2_customer_team)<-[:WORKS_IN]-(n_outreach_2_customer_team_employee:Employee) WHERE n_outreach_2_customer_team_employee.number = $actor_id } }) }
      AND n_outreach_2.clicked = $p2
    RETURN 1 AS one LIMIT 10000
  }),
  outreach_3: COLLECT {
    MATCH (n)<-[:PART_OF_CAMPAIGN]-(n_outreach_3:Outreach)
    WHERE EXISTS { (n_outreach_3)<-[:RECEIVED]-(n_outreach_3_customer:Customer) WHERE n_outreach_3_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_outreach_3_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_outreach_3_customer)<-[:SERVES]-(n_outreach_3_customer_team:Team) WHERE EXISTS { (n_outreach_3_customer_team)<-[:WORKS_IN]-(n_outreach_3_customer_team_employee:Employee) WHERE n_outreach_3_customer_team_employee.number = $actor_id } }) }
      AND n_outreach_3.complained = $p2
    WITH n_outreach_3
    ORDER BY n_outreach_3.id
    LIMIT $p3
    RETURN {
      sentAt: toString(n_outreach_3.sentAt),
      _about: [(n_outreach_3)<-[:RECEIVED]-(n_outreach_3_who:Customer) | n_outreach_3_who.id],
      customer: COLLECT {
        MATCH (n_outreach_3)<-[:RECEIVED]-(n_outreach_3_customer:Customer)
        WHERE n_outreach_3_customer.status IN ['ACTIVE', 'DECEASED']
          AND (n_outreach_3_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_outreach_3_customer)<-[:SERVES]-(n_outreach_3_customer_team:Team) WHERE EXISTS { (n_outreach_3_customer_team)<-[:WORKS_IN]-(n_outreach_3_customer_team_employee:Employee) WHERE n_outreach_3_customer_team_employee.number = $actor_id } })
        WITH n_outreach_3_customer
        ORDER BY n_outreach_3_customer.id
        LIMIT 1
        RETURN {
          id: n_outreach_3_customer.id
        } AS row
      }[0]
    } AS row
  }
} AS row
