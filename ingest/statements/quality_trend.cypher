// What the last loads measured, the latest last, and the threshold that it is below now.
MATCH (n:QualityMeasure)
WITH n ORDER BY n.at, n.id
WITH n.system AS system, n.attribute AS attribute, n.dimension AS dimension,
  collect(n.value) AS values, last(collect(n.counted)) AS counted, max(n.at) AS at
RETURN {
  system: system, attribute: attribute, dimension: dimension, values: values, counted: counted, at: at.epochMillis,
  least: COLLECT {
    MATCH (i:QualityIssue {state: 'OPEN', system: system, attribute: attribute, dimension: dimension})
    RETURN i.least ORDER BY i.least
  }
} AS row ORDER BY row.system, row.attribute, row.dimension
