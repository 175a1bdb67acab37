// What a proposal says, and who made it.
MATCH (proposal:DefinitionProposal {id: $proposal})
RETURN {field: proposal.field, replaces: proposal.replaces, state: proposal.state, actor: proposal.actor} AS row
