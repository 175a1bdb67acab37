// root: definitionProposals
// $p0: ['Customer.id', 'Customer.kind', 'Customer.status', 'Customer.name', 'Customer.givenName', 'Customer.familyName', 'Customer.birthDate', 'Customer.email', 'Customer.phone', 'Customer.vatNumber', 'Customer.region', 'Customer.segment', 'Customer.language', 'Customer.customerSince', 'Customer.createdAt', 'Customer.updatedAt', 'Identity.id', 'Identity.kind', 'Identity.value', 'Identity.normalized', 'Identity.blocked', 'Identity.createdAt', 'Channel.id', 'Channel.kind', 'Channel.address', 'Channel.preferred', 'Channel.source', 'Channel.since', 'Address.id', 'Address.line1', 'Address.line2', 'Address.postalCode', 'Address.city', 'Address.state', 'Address.country', 'Household.id', 'Household.size', 'Household.createdAt', 'SourceSystem.id', 'SourceSystem.name', 'SourceSystem.about', 'SourceSystem.loadedAt', 'SourceRecord.id', 'SourceRecord.system', 'SourceRecord.kind', 'SourceRecord.recordId', 'SourceRecord.payload', 'SourceRecord.resolution', 'SourceRecord.method', 'SourceRecord.evidence', 'SourceRecord.loadedAt', 'MatchCandidate.id', 'MatchCandidate.state', 'MatchCandidate.probability', 'MatchCandidate.evidence', 'MatchCandidate.askedAt', 'MatchCandidate.closedAt', 'MatchCandidate.closedBy', 'MatchDecision.id', 'MatchDecision.at', 'MatchDecision.verdict', 'MatchDecision.reason', 'MatchDecision.role', 'MatchDecision.actor', 'ReviewTask.id', 'ReviewTask.kind', 'ReviewTask.state', 'ReviewTask.purposes', 'ReviewTask.aboutAnother', 'ReviewTask.foundAt', 'ReviewTask.saidAt', 'ReviewTask.closedAt', 'ReviewTask.closedBy', 'ReviewTask.quoteRedacted', 'ReviewTask.confidence', 'ReviewTask.reason', 'ReviewTask.actor', 'AttributeProvenance.id', 'AttributeProvenance.attribute', 'AttributeProvenance.value', 'AttributeProvenance.system', 'AttributeProvenance.recordId', 'AttributeProvenance.rule', 'AttributeProvenance.chosen', 'AttributeProvenance.observedAt', 'Interaction.id', 'Interaction.kind', 'Interaction.direction', 'Interaction.occurredAt', 'Interaction.subjectRedacted', 'Interaction.textRedacted', 'Interaction.waitedSeconds', 'Interaction.queue', 'Interaction.source', 'Order.id', 'Order.number', 'Order.placedAt', 'Case.id', 'Case.number', 'Case.firstResponseAt', 'Case.closedAt', 'Case.resolution', 'Case.handovers', 'Case.queueHistory', 'Case.reporter', 'Correction.id', 'Correction.attribute', 'Correction.value', 'Correction.reason', 'Correction.at', 'Correction.role', 'Correction.viewer', 'Delivery.id', 'Delivery.system', 'Delivery.what', 'Delivery.state', 'Delivery.reason', 'Delivery.sequence', 'Delivery.attempts', 'Delivery.createdAt', 'Delivery.lastAttemptAt', 'Delivery.nextAttemptAt', 'QualityMeasure.id', 'QualityMeasure.at', 'QualityMeasure.system', 'QualityMeasure.attribute', 'QualityMeasure.dimension', 'QualityMeasure.value', 'QualityMeasure.counted', 'QualityMeasure.latest', 'QualityIssue.id', 'QualityIssue.rule', 'QualityIssue.state', 'QualityIssue.system', 'QualityIssue.attribute', 'QualityIssue.dimension', 'QualityIssue.least', 'QualityIssue.value', 'QualityIssue.raisedAt', 'QualityIssue.clearedAt', 'DefinitionProposal.id', 'DefinitionProposal.field', 'DefinitionProposal.definition', 'DefinitionProposal.replaces', 'DefinitionProposal.state', 'DefinitionProposal.proposedAt', 'DefinitionProposal.proposedBy', 'DefinitionProposal.decidedAt', 'DefinitionProposal.decidedBy', 'DefinitionProposal.reason', 'DefinitionProposal.answer', 'DefinitionProposal.actor', 'DefinitionProposal.decider'], [String]
// $p1: 'OPEN', Enum
// $p2: 21
RETURN {
  rows: COLLECT {
    CALL () {
      MATCH (n:DefinitionProposal)
      WHERE n.proposedAt IS NOT NULL
        AND n.field IN $p0
        AND n.state = $p1
      WITH n
      ORDER BY n.proposedAt DESC, n.id
      LIMIT $p2
      RETURN collect(n) AS first
    }
    CALL (first) {
      UNWIND first AS n
      RETURN n
      UNION ALL
      UNWIND CASE WHEN size(first) < $p2 THEN [true] ELSE [] END AS more
      CALL (more) {
        MATCH (n:DefinitionProposal)
        WHERE n.proposedAt IS NULL
          AND n.field IN $p0
          AND n.state = $p1
        WITH n
        ORDER BY n.id
        LIMIT $p2
        RETURN n
      }
      RETURN n
    }
    WITH n
    ORDER BY n.proposedAt IS NULL, n.proposedAt DESC, n.id
    LIMIT $p2
    RETURN {
      id: n.id,
      field: n.field,
      definition: n.definition,
      replaces: n.replaces,
      proposedBy: n.proposedBy,
      reason: n.reason
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:DefinitionProposal)
    WHERE n.field IN $p0
      AND n.state = $p1
    RETURN 1 AS one LIMIT 10000
  })
} AS row
