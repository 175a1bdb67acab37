// root: definitionProposals
// $p0: ['Customer.id', 'Customer.kind', 'Customer.status', 'Customer.preferredChannel', 'Customer.createdAt', 'Customer.updatedAt', 'Consent.id', 'Consent.purpose', 'Consent.legalBasis', 'Consent.state', 'Consent.capturedAt', 'Consent.expiresAt', 'Consent.mostPerMonth', 'Consent.noticeVersion', 'Consent.method', 'Consent.source', 'Standing.id', 'Standing.purpose', 'Standing.channel', 'Standing.lawful', 'Standing.basis', 'Standing.until', 'Standing.mostPerMonth', 'Outreach.id', 'Outreach.sentAt', 'Outreach.channel', 'Outreach.purpose', 'Outreach.address', 'Outreach.delivered', 'Outreach.opened', 'Outreach.clicked', 'Outreach.replied', 'Outreach.converted', 'Outreach.complained', 'Campaign.id', 'Campaign.number', 'Campaign.name', 'Campaign.purpose', 'Campaign.channel', 'Campaign.startsOn', 'Campaign.endsOn', 'Campaign.coupon', 'SourceSystem.id', 'SourceSystem.name', 'SourceSystem.about', 'SourceSystem.loadedAt', 'SourceRecord.id', 'SourceRecord.system', 'SourceRecord.kind', 'SourceRecord.payload', 'SourceRecord.resolution', 'SourceRecord.loadedAt', 'AttributeProvenance.id', 'AttributeProvenance.attribute', 'AttributeProvenance.value', 'AttributeProvenance.system', 'AttributeProvenance.rule', 'AttributeProvenance.chosen', 'AttributeProvenance.observedAt', 'Employee.id', 'Employee.number', 'Employee.name', 'Employee.email', 'Employee.regions', 'Employee.languages', 'Employee.since', 'Employee.until', 'Team.id', 'Team.name', 'AccessRecord.id', 'AccessRecord.at', 'AccessRecord.role', 'AccessRecord.purpose', 'AccessRecord.viewer', 'AccessRecord.root', 'AccessRecord.fields', 'AccessRecord.masked', 'AccessRecord.compared', 'AccessRecord.soughtBy', 'AccessRecord.found', 'AccessRecord.reason', 'AccessRecord.request', 'Change.id', 'Change.at', 'Change.name', 'Change.record', 'Change.fields', 'Change.role', 'Change.purpose', 'Change.viewer', 'Change.source', 'Change.request', 'Correction.id', 'Correction.attribute', 'Correction.value', 'Correction.reason', 'Correction.at', 'Correction.role', 'Correction.viewer', 'Delivery.id', 'Delivery.system', 'Delivery.what', 'Delivery.state', 'Delivery.reason', 'Delivery.sequence', 'Delivery.attempts', 'Delivery.createdAt', 'Delivery.lastAttemptAt', 'Delivery.nextAttemptAt', 'LegalHold.id', 'LegalHold.placedAt', 'LegalHold.placedBy', 'LegalHold.reviewOn', 'LegalHold.releasedAt', 'LegalHold.releasedBy', 'LegalHold.reason', 'LegalHold.actor', 'RetentionRun.id', 'RetentionRun.at', 'RetentionRun.rule', 'RetentionRun.type', 'RetentionRun.forgot', 'RetentionRun.before', 'RetentionRun.records', 'RetentionRun.held', 'RetentionRun.rules', 'PrivacyRequest.id', 'PrivacyRequest.kind', 'PrivacyRequest.state', 'PrivacyRequest.purposes', 'PrivacyRequest.receivedAt', 'PrivacyRequest.dueAt', 'PrivacyRequest.madeBy', 'PrivacyRequest.identityProof', 'PrivacyRequest.identityProvenAt', 'PrivacyRequest.identityProvenBy', 'PrivacyRequest.begunAt', 'PrivacyRequest.extendedAt', 'PrivacyRequest.extensionGround', 'PrivacyRequest.toldAt', 'PrivacyRequest.closedAt', 'PrivacyRequest.closedBy', 'PrivacyRequest.refusalGround', 'PrivacyRequest.refusalLaw', 'PrivacyRequest.granted', 'PrivacyRequest.fulfilledBy', 'PrivacyRequest.liftedAt', 'PrivacyRequest.warnedAt', 'PrivacyRequest.note', 'PrivacyRequest.answer', 'PrivacyRequest.actor', 'QualityMeasure.id', 'QualityMeasure.at', 'QualityMeasure.system', 'QualityMeasure.attribute', 'QualityMeasure.dimension', 'QualityMeasure.value', 'QualityMeasure.counted', 'QualityMeasure.latest', 'QualityIssue.id', 'QualityIssue.rule', 'QualityIssue.state', 'QualityIssue.system', 'QualityIssue.attribute', 'QualityIssue.dimension', 'QualityIssue.least', 'QualityIssue.value', 'QualityIssue.raisedAt', 'QualityIssue.clearedAt', 'ErasureReceipt.id', 'ErasureReceipt.customer', 'ErasureReceipt.merged', 'ErasureReceipt.state', 'ErasureReceipt.askedAt', 'ErasureReceipt.askedBy', 'ErasureReceipt.step', 'ErasureReceipt.steps', 'ErasureReceipt.removedAt', 'ErasureReceipt.doneAt', 'ErasureReceipt.keysForgottenAt', 'ErasureReceipt.compactedAt', 'ErasureReceipt.liftedAt', 'ErasureReceipt.preview', 'ErasureReceipt.going', 'ErasureReceipt.staying', 'ErasureReceipt.leftOut', 'ErasureReceipt.reason', 'ErasureReceipt.actor', 'ErasureNotice.id', 'ErasureNotice.system', 'ErasureNotice.records', 'ErasureNotice.byPerson', 'ErasureNotice.confirmedAt', 'ErasureNotice.confirmedBy', 'ErasureNotice.reference', 'ErasureNotice.actor', 'DefinitionProposal.id', 'DefinitionProposal.field', 'DefinitionProposal.definition', 'DefinitionProposal.replaces', 'DefinitionProposal.state', 'DefinitionProposal.proposedAt', 'DefinitionProposal.proposedBy', 'DefinitionProposal.decidedAt', 'DefinitionProposal.decidedBy', 'DefinitionProposal.reason', 'DefinitionProposal.answer', 'DefinitionProposal.actor', 'DefinitionProposal.decider'], [String]
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
      reason: null
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:DefinitionProposal)
    WHERE n.field IN $p0
      AND n.state = $p1
    RETURN 1 AS one LIMIT 10000
  })
} AS row
