// Which store of keys the graph is sealed by: the first that says so.
MERGE (seal:GraphSeal {of: 'graph'})
ON CREATE SET seal.store = $store
RETURN seal.store
