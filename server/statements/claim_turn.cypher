// Whether it is this server's turn at some work: nobody began it within the last hours.
MERGE (clock:RetentionClock {of: $of})
WITH clock, clock.at IS NULL OR clock.at < datetime() - duration({seconds: $seconds}) AS mine
SET clock.at = CASE WHEN mine THEN datetime() ELSE clock.at END
RETURN mine
