// What a record made is there once: interactions with one key.
MATCH (thing:Interaction) WHERE thing.sourceKey IS NOT NULL
WITH thing.sourceKey AS key, count(*) AS times WHERE times > 1
RETURN sum(times - 1)
