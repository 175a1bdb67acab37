// Of each system, attribute and dimension the latest loads stay, and the last of them is marked.
MATCH (n:QualityMeasure)
WITH n ORDER BY n.at DESC, n.id
WITH n.system AS system, n.attribute AS attribute, n.dimension AS dimension, collect(n) AS found
FOREACH (one IN found | SET one.latest = (one = found[0]))
WITH found
UNWIND found[$kept..] AS old
DELETE old
