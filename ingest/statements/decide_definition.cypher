// A proposal is decided by somebody else than who made it.
MATCH (proposal:DefinitionProposal {id: $proposal})
SET proposal.state = $state, proposal.decidedAt = $now, proposal.decidedBy = $role, proposal.answer = $answer,
  proposal.decider = $decider
RETURN proposal.id
