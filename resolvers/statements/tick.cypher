// The last of a change: its time, later than that of every change before it. Whoever makes another waits here until this
// one is there or is undone, so that changes become visible in the order of their times.
MERGE (clock:LogClock {of: 'Change'})
SET clock.held = true
WITH clock, datetime.realtime() AS now
MATCH (change:Change {id: $id})
SET clock.at = CASE WHEN clock.at >= now THEN clock.at + duration({microseconds: 1}) ELSE now END
SET change.at = clock.at
RETURN change.id
