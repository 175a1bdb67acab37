// The contacts that cases took: what is found is there, what was found before and is no more is gone.
CALL () {
  MATCH (n:Case)-[r:TOOK]->(i:Interaction)
  WITH r, n, i WHERE NOT n.id = coalesce($cases[i.id], '')
  DELETE r
  RETURN count(r) AS gone
}
CALL () {
  UNWIND keys($cases) AS contact
  MATCH (i:Interaction {id: contact})
  MATCH (n:Case {id: $cases[contact]})
  MERGE (n)-[r:TOOK]->(i)
  ON CREATE SET r.made = true
  SET r.shown = contact IN $shown
  WITH r, r.made AS made
  REMOVE r.made
  RETURN sum(CASE WHEN made THEN 1 ELSE 0 END) AS new
}
RETURN {new: new, gone: gone} AS row
