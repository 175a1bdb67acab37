// Whether nodes of a type differ in what an index holds of them: an index of one value leads to all of them.
MATCH (n:$($label)) WHERE n[$name] IS NOT NULL
WITH n[$name] AS value LIMIT $most
RETURN count(DISTINCT value) > 1
