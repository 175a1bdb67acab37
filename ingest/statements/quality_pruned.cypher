// Of each system, attribute and dimension the latest loads stay.
MATCH (n:QualityMeasure)
WITH n ORDER BY n.at DESC, n.id
WITH n.system AS system, n.attribute AS attribute, n.dimension AS dimension, collect(n) AS found
UNWIND found[$kept..] AS old
DELETE old
