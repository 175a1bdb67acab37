// Another definition of a field waits for whoever answers for it.
CREATE (made:DefinitionProposal)
SET made = $properties
RETURN made.id
