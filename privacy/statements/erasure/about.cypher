// Nodes of a type that are about some others, and whether they are about more than these.
MATCH (parent) WHERE elementId(parent) IN $parents
MATCH (parent)-[:$($type)]-(n:$($label))
WITH DISTINCT n
RETURN {node: elementId(n), since: n[$since], others: EXISTS {
  MATCH (n)-[:$($type)]-(other)
  WHERE NOT elementId(other) IN $parents AND any(label IN labels(other) WHERE label IN [$target, 'AbsorbedCustomer'])
    AND (other.status IS NULL OR $target <> 'Customer' OR other.status <> 'ERASED')
}} AS row
