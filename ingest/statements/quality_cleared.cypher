// Issues that this load found above, or whose threshold is gone. One of a system that delivered nothing stays.
MATCH (n:QualityIssue {state: 'OPEN'})
WITH n, head([row IN $above WHERE 'open ' + row.key = n.sourceKey]) AS above
WHERE above IS NOT NULL OR NOT n.rule IN $rules
SET n.state = 'CLEARED', n.clearedAt = $now, n.sourceKey = n.id, n.value = coalesce(above.value, n.value)
