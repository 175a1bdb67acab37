// Which store of keys the graph is sealed by.
MATCH (seal:GraphSeal {of: 'graph'}) RETURN seal.store
