// Definitions that whoever answers for the fields accepted, the earliest first.
MATCH (proposal:DefinitionProposal {state: 'ACCEPTED'})
WITH proposal ORDER BY proposal.decidedAt, proposal.id
RETURN {field: proposal.field, definition: proposal.definition, replaces: proposal.replaces} AS row
