// root: audience
// $p0: ['DE', 'FR'], [String]
// $p1: variable since, DateTime
// $p2: Sending(part='needed', asked=(('purpose', Variable(path=('purpose',), prefix=None)), ('channel', <ChannelKind.EMAIL: 'EMAIL'>), ('campaign', Variable(path=('campaign',), prefix='cmp')), ('fields', ('lastInteractionAt', 'region')))), String
// $p3: Sending(part='now', asked=(('purpose', Variable(path=('purpose',), prefix=None)), ('channel', <ChannelKind.EMAIL: 'EMAIL'>), ('campaign', Variable(path=('campaign',), prefix='cmp')), ('fields', ('lastInteractionAt', 'region')))), String
// $p4: Sending(part='advertises', asked=(('purpose', Variable(path=('purpose',), prefix=None)), ('channel', <ChannelKind.EMAIL: 'EMAIL'>), ('campaign', Variable(path=('campaign',), prefix='cmp')), ('fields', ('lastInteractionAt', 'region')))), String
// $p5: Sending(part='complaintsSince', asked=(('purpose', Variable(path=('purpose',), prefix=None)), ('channel', <ChannelKind.EMAIL: 'EMAIL'>), ('campaign', Variable(path=('campaign',), prefix='cmp')), ('fields', ('lastInteractionAt', 'region')))), String
// $p6: Sending(part='kind', asked=(('purpose', Variable(path=('purpose',), prefix=None)), ('channel', <ChannelKind.EMAIL: 'EMAIL'>), ('campaign', Variable(path=('campaign',), prefix='cmp')), ('fields', ('lastInteractionAt', 'region')))), String
// $p7: Sending(part='returns', asked=(('purpose', Variable(path=('purpose',), prefix=None)), ('channel', <ChannelKind.EMAIL: 'EMAIL'>), ('campaign', Variable(path=('campaign',), prefix='cmp')), ('fields', ('lastInteractionAt', 'region')))), String
// $p8: Sending(part='channel', asked=(('purpose', Variable(path=('purpose',), prefix=None)), ('channel', <ChannelKind.EMAIL: 'EMAIL'>), ('campaign', Variable(path=('campaign',), prefix='cmp')), ('fields', ('lastInteractionAt', 'region')))), String
// $p9: Sending(part='caps', asked=(('purpose', Variable(path=('purpose',), prefix=None)), ('channel', <ChannelKind.EMAIL: 'EMAIL'>), ('campaign', Variable(path=('campaign',), prefix='cmp')), ('fields', ('lastInteractionAt', 'region')))), String
// $p10: Sending(part='counted', asked=(('purpose', Variable(path=('purpose',), prefix=None)), ('channel', <ChannelKind.EMAIL: 'EMAIL'>), ('campaign', Variable(path=('campaign',), prefix='cmp')), ('fields', ('lastInteractionAt', 'region')))), String
// $p11: Sending(part='monthSince', asked=(('purpose', Variable(path=('purpose',), prefix=None)), ('channel', <ChannelKind.EMAIL: 'EMAIL'>), ('campaign', Variable(path=('campaign',), prefix='cmp')), ('fields', ('lastInteractionAt', 'region')))), String
// $p12: Sending(part='exported', asked=(('purpose', Variable(path=('purpose',), prefix=None)), ('channel', <ChannelKind.EMAIL: 'EMAIL'>), ('campaign', Variable(path=('campaign',), prefix='cmp')), ('fields', ('lastInteractionAt', 'region')))), String
// $p13: Sending(part='campaign', asked=(('purpose', Variable(path=('purpose',), prefix=None)), ('channel', <ChannelKind.EMAIL: 'EMAIL'>), ('campaign', Variable(path=('campaign',), prefix='cmp')), ('fields', ('lastInteractionAt', 'region')))), String
// $p14: 101
RETURN {
  rows: COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n.region IN $p0
      AND n.lastInteractionAt > datetime($p1)
      AND ALL(wanted IN $p2 WHERE
        EXISTS { (n)-[:STANDS]->(stands:Standing) WHERE stands.purpose = wanted } AND
        NOT EXISTS { (n)-[:STANDS]->(stands:Standing) WHERE stands.purpose = wanted
          AND NOT (stands.lawful AND (stands.until IS NULL OR stands.until > $p3)) })
      AND n.status = 'ACTIVE'
      AND NOT ($p4 AND EXISTS {
        MATCH (n)<-[:ASKS_ABOUT]-(task:ReviewTask)
        WHERE task.kind = 'COMPLAINT' AND NOT coalesce(task.aboutAnother, false) AND (task.state = 'OPEN' OR
          task.state = 'CONFIRMED' AND (
            EXISTS { MATCH (task)-[:FOUND_IN]->(about:Interaction)-[:ABOUT]->(case:Case)<-[:OPENED]-(n)
              WHERE case.closedAt IS NULL AND EXISTS { (n)-[:HAD]->(about) } } OR
            task.saidAt >= $p5 AND NOT EXISTS {
              MATCH (task)-[:FOUND_IN]->(about:Interaction)-[:ABOUT]->(:Case)<-[:OPENED]-(n)
              WHERE EXISTS { (n)-[:HAD]->(about) } }))
      })
      AND EXISTS {
        MATCH (n)-[:REACHABLE_ON]->(way:Channel)
        WHERE way.kind = $p6 AND NOT ($p7 AND coalesce(way.address, '') <> '' AND coalesce(head(COLLECT {
          MATCH (n)-[:RECEIVED]->(tried:Outreach)
          WHERE tried.channel = $p8 AND tried.address = way.address AND tried.delivered IS NOT NULL
          RETURN NOT tried.delivered ORDER BY tried.sentAt DESC, tried.delivered DESC LIMIT 1
        }), false))
      }
      AND ALL(cap IN $p9 WHERE COUNT {
        MATCH (n)-[:RECEIVED]->(sent:Outreach)
        WHERE sent.sentAt >= cap.since AND sent.sentAt <= $p3 AND sent.purpose IN cap.purposes
          AND (cap.channels IS NULL OR sent.channel IN cap.channels)
      } < cap.most) AND NOT EXISTS {
        MATCH (n)-[:STANDS]->(stands:Standing)
        WHERE stands.purpose IN $p10 AND stands.mostPerMonth <= COUNT {
          MATCH (n)-[:RECEIVED]->(sent:Outreach)
          WHERE sent.sentAt >= $p11 AND sent.sentAt <= $p3 AND (sent.purpose IN $p10
            OR sent.purpose = 'marketing' AND sent.channel IN $p12)
        }
      }
      AND NOT EXISTS {
        MATCH (n)-[:RECEIVED]->(:Outreach)-[:PART_OF_CAMPAIGN]->(campaign:Campaign) WHERE campaign.id = $p13
      }
    WITH n
    ORDER BY n.id
    LIMIT $p14
    RETURN {
      id: n.id,
      region: n.region,
      _at: [n.id]
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n.region IN $p0
      AND n.lastInteractionAt > datetime($p1)
      AND ALL(wanted IN $p2 WHERE
        EXISTS { (n)-[:STANDS]->(stands:Standing) WHERE stands.purpose = wanted } AND
        NOT EXISTS { (n)-[:STANDS]->(stands:Standing) WHERE stands.purpose = wanted
          AND NOT (stands.lawful AND (stands.until IS NULL OR stands.until > $p3)) })
      AND n.status = 'ACTIVE'
      AND NOT ($p4 AND EXISTS {
        MATCH (n)<-[:ASKS_ABOUT]-(task:ReviewTask)
        WHERE task.kind = 'COMPLAINT' AND NOT coalesce(task.aboutAnother, false) AND (task.state = 'OPEN' OR
          task.state = 'CONFIRMED' AND (
            EXISTS { MATCH (task)-[:FOUND_IN]->(about:Interaction)-[:ABOUT]->(case:Case)<-[:OPENED]-(n)
              WHERE case.closedAt IS NULL AND EXISTS { (n)-[:HAD]->(about) } } OR
            task.saidAt >= $p5 AND NOT EXISTS {
              MATCH (task)-[:FOUND_IN]->(about:Interaction)-[:ABOUT]->(:Case)<-[:OPENED]-(n)
              WHERE EXISTS { (n)-[:HAD]->(about) } }))
      })
      AND EXISTS {
        MATCH (n)-[:REACHABLE_ON]->(way:Channel)
        WHERE way.kind = $p6 AND NOT ($p7 AND coalesce(way.address, '') <> '' AND coalesce(head(COLLECT {
          MATCH (n)-[:RECEIVED]->(tried:Outreach)
          WHERE tried.channel = $p8 AND tried.address = way.address AND tried.delivered IS NOT NULL
          RETURN NOT tried.delivered ORDER BY tried.sentAt DESC, tried.delivered DESC LIMIT 1
        }), false))
      }
      AND ALL(cap IN $p9 WHERE COUNT {
        MATCH (n)-[:RECEIVED]->(sent:Outreach)
        WHERE sent.sentAt >= cap.since AND sent.sentAt <= $p3 AND sent.purpose IN cap.purposes
          AND (cap.channels IS NULL OR sent.channel IN cap.channels)
      } < cap.most) AND NOT EXISTS {
        MATCH (n)-[:STANDS]->(stands:Standing)
        WHERE stands.purpose IN $p10 AND stands.mostPerMonth <= COUNT {
          MATCH (n)-[:RECEIVED]->(sent:Outreach)
          WHERE sent.sentAt >= $p11 AND sent.sentAt <= $p3 AND (sent.purpose IN $p10
            OR sent.purpose = 'marketing' AND sent.channel IN $p12)
        }
      }
      AND NOT EXISTS {
        MATCH (n)-[:RECEIVED]->(:Outreach)-[:PART_OF_CAMPAIGN]->(campaign:Campaign) WHERE campaign.id = $p13
      }
    RETURN 1 AS one LIMIT 10000
  })
} AS row
