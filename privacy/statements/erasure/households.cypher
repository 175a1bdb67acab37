// Households have as many members as there are.
UNWIND $nodes AS one
MATCH (household:Household) WHERE elementId(household) = one
SET household.size = COUNT { (household)<-[:MEMBER_OF]-(:Customer) }, household.sourceDigest = null
