// Some signals of nobody, or of whom nothing is worked out: the restricted, the deceased, who was merged into another.
MATCH (signal:Signal)
WHERE NOT EXISTS { (signal)<-[:SHOWS]-(:Customer {status: 'ACTIVE'}) }
WITH signal LIMIT $most
DETACH DELETE signal
RETURN count(*) AS gone
