// root: customers
// $p0: datetime.date(1940, 3, 26), Date
// $p1: 2
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.birthDate > date($p0)
WITH n
ORDER BY n.birthDate, n.id
LIMIT $p1
RETURN {
  id: n.id
} AS row
