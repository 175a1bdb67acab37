// Who lives elsewhere is not of the household any more, nor reached by letter where she was; a load finds the new one.
MATCH (customer:Customer {id: $customer})
CALL (customer) {
  MATCH (customer)-[old:REACHABLE_ON]->(channel:Channel {kind: 'POST'})
  WHERE channel.address <> $address AND NOT EXISTS { (channel)<-[:VIA]-() }
  DETACH DELETE channel
}
CALL (customer) {
  MATCH (customer)-[member:MEMBER_OF]->(household:Household)
  DELETE member
  WITH household
  SET household.size = COUNT { (household)<-[:MEMBER_OF]-(:Customer) }, household.sourceDigest = null
}
RETURN customer.id
