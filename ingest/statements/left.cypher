// Teams that do not serve a customer any more.
MATCH (customer:Customer {sourceKey: $customer})<-[old:SERVES]-(team:Team) WHERE NOT team.sourceKey IN $teams
DELETE old
