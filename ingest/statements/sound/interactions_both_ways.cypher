// Interactions that are somebody's and whose record says that they are nobody's, or the other way round.
MATCH (interaction:Interaction)
WITH EXISTS { (interaction)<-[:HAD]-(:Customer) } AS owned, interaction
MATCH (record:SourceRecord)-[:RECORDS]->(interaction)
WHERE owned = (record.resolution = 'UNATTRIBUTED')
RETURN count(DISTINCT interaction)
