// root: definitionProposals
// $p0: ['Customer.id', 'Customer.kind', 'Customer.status', 'Customer.name', 'Customer.givenName', 'Customer.familyName', 'Customer.birthDate', 'Customer.email', 'Customer.phone', 'Customer.vatNumber', 'Customer.region', 'Customer.segment', 'Customer.language', 'Customer.customerSince', 'Customer.preferredChannel', 'Customer.discovery', 'Customer.orderCount', 'Customer.lastInteractionAt', 'Customer.lifetimeValue', 'Customer.balance', 'Customer.currency', 'Customer.createdAt', 'Customer.updatedAt', 'Identity.id', 'Identity.kind', 'Identity.value', 'Identity.normalized', 'Identity.blocked', 'Identity.createdAt', 'Channel.id', 'Channel.kind', 'Channel.address', 'Channel.preferred', 'Channel.source', 'Channel.since', 'Address.id', 'Address.line1', 'Address.line2', 'Address.postalCode', 'Address.city', 'Address.state', 'Address.country', 'Household.id', 'Household.size', 'Household.createdAt', 'Interaction.id', 'Interaction.kind', 'Interaction.direction', 'Interaction.occurredAt', 'Interaction.stage', 'Interaction.subject', 'Interaction.text', 'Interaction.subjectRedacted', 'Interaction.textRedacted', 'Interaction.outcome', 'Interaction.sentiment', 'Interaction.satisfaction', 'Interaction.language', 'Interaction.durationSeconds', 'Interaction.waitedSeconds', 'Interaction.queue', 'Interaction.name', 'Interaction.tags', 'Interaction.source', 'Consent.id', 'Consent.purpose', 'Consent.legalBasis', 'Consent.state', 'Consent.capturedAt', 'Consent.expiresAt', 'Consent.mostPerMonth', 'Consent.noticeVersion', 'Consent.method', 'Consent.source', 'Standing.id', 'Standing.purpose', 'Standing.channel', 'Standing.lawful', 'Standing.basis', 'Standing.until', 'Standing.mostPerMonth', 'Order.id', 'Order.number', 'Order.placedAt', 'Order.channel', 'Order.status', 'Order.itemCount', 'Order.coupon', 'Order.discovery', 'Order.total', 'Order.currency', 'Invoice.id', 'Invoice.number', 'Invoice.kind', 'Invoice.issuedOn', 'Invoice.dueOn', 'Invoice.paidOn', 'Invoice.amount', 'Invoice.currency', 'Invoice.dunningLevel', 'Shipment.id', 'Shipment.number', 'Shipment.carrier', 'Shipment.status', 'Shipment.promisedOn', 'Shipment.deliveredAt', 'Shipment.delayReason', 'Shipment.history', 'Shipment.recipient', 'Shipment.address', 'Case.id', 'Case.number', 'Case.openedAt', 'Case.firstResponseAt', 'Case.closedAt', 'Case.status', 'Case.channel', 'Case.subject', 'Case.subjectRedacted', 'Case.resolution', 'Case.satisfaction', 'Case.handovers', 'Case.queueHistory', 'Case.reporter', 'Outreach.id', 'Outreach.sentAt', 'Outreach.channel', 'Outreach.purpose', 'Outreach.address', 'Outreach.delivered', 'Outreach.opened', 'Outreach.clicked', 'Outreach.replied', 'Outreach.converted', 'Outreach.complained', 'Campaign.id', 'Campaign.number', 'Campaign.name', 'Campaign.purpose', 'Campaign.channel', 'Campaign.startsOn', 'Campaign.endsOn', 'Campaign.coupon', 'Product.id', 'Product.sku', 'Product.name', 'Product.category', 'Product.price', 'Product.introducedOn', 'Product.discontinuedOn', 'Product.revision', 'Product.revisedOn', 'Topic.id', 'Topic.name', 'Employee.id', 'Employee.number', 'Employee.name', 'Employee.email', 'Employee.regions', 'Employee.languages', 'Employee.since', 'Employee.until', 'Team.id', 'Team.name', 'SourceSystem.id', 'SourceSystem.name', 'SourceSystem.about', 'SourceSystem.loadedAt', 'SourceRecord.id', 'SourceRecord.system', 'SourceRecord.kind', 'SourceRecord.recordId', 'SourceRecord.payload', 'SourceRecord.resolution', 'SourceRecord.method', 'SourceRecord.evidence', 'SourceRecord.loadedAt', 'MatchCandidate.id', 'MatchCandidate.state', 'MatchCandidate.probability', 'MatchCandidate.evidence', 'MatchCandidate.askedAt', 'MatchCandidate.closedAt', 'MatchCandidate.closedBy', 'MatchDecision.id', 'MatchDecision.at', 'MatchDecision.verdict', 'MatchDecision.reason', 'MatchDecision.role', 'MatchDecision.actor', 'ReviewTask.id', 'ReviewTask.kind', 'ReviewTask.state', 'ReviewTask.purposes', 'ReviewTask.aboutAnother', 'ReviewTask.foundAt', 'ReviewTask.saidAt', 'ReviewTask.closedAt', 'ReviewTask.closedBy', 'ReviewTask.quote', 'ReviewTask.quoteRedacted', 'ReviewTask.confidence', 'ReviewTask.reason', 'ReviewTask.actor', 'AttributeProvenance.id', 'AttributeProvenance.attribute', 'AttributeProvenance.value', 'AttributeProvenance.system', 'AttributeProvenance.recordId', 'AttributeProvenance.rule', 'AttributeProvenance.chosen', 'AttributeProvenance.observedAt', 'AccessRecord.id', 'AccessRecord.at', 'AccessRecord.role', 'AccessRecord.purpose', 'AccessRecord.viewer', 'AccessRecord.root', 'AccessRecord.fields', 'AccessRecord.masked', 'AccessRecord.compared', 'AccessRecord.soughtBy', 'AccessRecord.found', 'AccessRecord.reason', 'AccessRecord.request', 'Change.id', 'Change.at', 'Change.name', 'Change.record', 'Change.fields', 'Change.role', 'Change.purpose', 'Change.viewer', 'Change.source', 'Change.request', 'Correction.id', 'Correction.attribute', 'Correction.value', 'Correction.reason', 'Correction.at', 'Correction.role', 'Correction.viewer', 'Delivery.id', 'Delivery.system', 'Delivery.what', 'Delivery.state', 'Delivery.reason', 'Delivery.sequence', 'Delivery.attempts', 'Delivery.createdAt', 'Delivery.lastAttemptAt', 'Delivery.nextAttemptAt', 'LegalHold.id', 'LegalHold.placedAt', 'LegalHold.placedBy', 'LegalHold.reviewOn', 'LegalHold.releasedAt', 'LegalHold.releasedBy', 'LegalHold.reason', 'LegalHold.actor', 'RetentionRun.id', 'RetentionRun.at', 'RetentionRun.rule', 'RetentionRun.type', 'RetentionRun.forgot', 'RetentionRun.before', 'RetentionRun.records', 'RetentionRun.held', 'RetentionRun.rules', 'PrivacyRequest.id', 'PrivacyRequest.kind', 'PrivacyRequest.state', 'PrivacyRequest.purposes', 'PrivacyRequest.receivedAt', 'PrivacyRequest.dueAt', 'PrivacyRequest.madeBy', 'PrivacyRequest.identityProof', 'PrivacyRequest.identityProvenAt', 'PrivacyRequest.identityProvenBy', 'PrivacyRequest.begunAt', 'PrivacyRequest.extendedAt', 'PrivacyRequest.extensionGround', 'PrivacyRequest.toldAt', 'PrivacyRequest.closedAt', 'PrivacyRequest.closedBy', 'PrivacyRequest.refusalGround', 'PrivacyRequest.refusalLaw', 'PrivacyRequest.granted', 'PrivacyRequest.fulfilledBy', 'PrivacyRequest.liftedAt', 'PrivacyRequest.warnedAt', 'PrivacyRequest.note', 'PrivacyRequest.answer', 'PrivacyRequest.actor', 'QualityMeasure.id', 'QualityMeasure.at', 'QualityMeasure.system', 'QualityMeasure.attribute', 'QualityMeasure.dimension', 'QualityMeasure.value', 'QualityMeasure.counted', 'QualityMeasure.latest', 'QualityIssue.id', 'QualityIssue.rule', 'QualityIssue.state', 'QualityIssue.system', 'QualityIssue.attribute', 'QualityIssue.dimension', 'QualityIssue.least', 'QualityIssue.value', 'QualityIssue.raisedAt', 'QualityIssue.clearedAt', 'ErasureReceipt.id', 'ErasureReceipt.customer', 'ErasureReceipt.merged', 'ErasureReceipt.state', 'ErasureReceipt.askedAt', 'ErasureReceipt.askedBy', 'ErasureReceipt.step', 'ErasureReceipt.steps', 'ErasureReceipt.removedAt', 'ErasureReceipt.doneAt', 'ErasureReceipt.keysForgottenAt', 'ErasureReceipt.compactedAt', 'ErasureReceipt.liftedAt', 'ErasureReceipt.preview', 'ErasureReceipt.going', 'ErasureReceipt.staying', 'ErasureReceipt.leftOut', 'ErasureReceipt.reason', 'ErasureReceipt.actor', 'ErasureNotice.id', 'ErasureNotice.system', 'ErasureNotice.records', 'ErasureNotice.byPerson', 'ErasureNotice.confirmedAt', 'ErasureNotice.confirmedBy', 'ErasureNotice.reference', 'ErasureNotice.actor', 'DefinitionProposal.id', 'DefinitionProposal.field', 'DefinitionProposal.definition', 'DefinitionProposal.replaces', 'DefinitionProposal.state', 'DefinitionProposal.proposedAt', 'DefinitionProposal.proposedBy', 'DefinitionProposal.decidedAt', 'DefinitionProposal.decidedBy', 'DefinitionProposal.reason', 'DefinitionProposal.answer', 'DefinitionProposal.actor', 'DefinitionProposal.decider'], [String]
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
