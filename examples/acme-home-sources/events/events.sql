-- Messages of Segment's library: https://segment.com/docs/connections/spec/
SELECT
  json->>'$.messageId' AS id,
  json->>'$.type' AS kind,
  json->>'$.timestamp' AS happened_at,
  json->>'$.anonymousId' AS device,
  json->>'$.userId' AS user_id,
  json->>'$.previousId' AS previous_id,
  if(json->>'$.type' = 'track', json->>'$.event', json->>'$.name') AS name,
  json->>'$.type' = 'screen'
    OR regexp_matches(coalesce(json->>'$.context.library.name', ''), 'ios|android') AS app,
  json->>'$.context.locale' AS locale,
  json->'$.traits' AS traits,
  json->'$.properties' AS properties,
  _row
FROM json_rows('events.jsonl')
