// How employees and customers are called: no word of an issue may be one of them.
MATCH (e:Employee) WHERE e.name IS NOT NULL RETURN {of: null, name: e.name} AS row
UNION ALL
MATCH (c:Customer) WHERE c.id IN $customers
UNWIND [name IN [c.givenName, c.familyName] WHERE name IS NOT NULL] AS name
RETURN {of: c.id, name: name} AS row
