// Every node with its labels and properties; the id is the store's own, good for this copy alone.
MATCH (n)
RETURN [id(n), labels(n), properties(n)] AS row
