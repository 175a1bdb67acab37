// Alerts of what is as good as is asked again, or whose threshold is gone. Where the month tells nothing they stay.
MATCH (n:ServiceAlert {state: 'OPEN'})
WITH n, head([row IN $met WHERE 'open ' + row.key = n.sourceKey]) AS met
WHERE met IS NOT NULL OR NOT n.rule IN $rules
SET n.state = 'CLEARED', n.clearedAt = $now, n.sourceKey = n.id, n.value = coalesce(met.value, n.value),
  n.month = coalesce(met.month, n.month)
RETURN n.id
