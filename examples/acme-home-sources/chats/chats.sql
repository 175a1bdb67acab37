-- Transcripts: who said what when.
SELECT
  json->>'$.id' AS id,
  json->>'$.started_at' AS started_at,
  json->>'$.channel' AS channel,
  json->>'$.visitor.anonymousId' AS device,
  json->>'$.visitor.name' AS name,
  json->>'$.visitor.email' AS email,
  json->>'$.language' AS language,
  json->>'$.agent' AS agent,
  list_transform(
    CAST(json->'$.messages' AS JSON[]),
    lambda said: {'at': said->>'$.at', 'by_visitor': said->>'$.from' = 'visitor', 'text': said->>'$.text'}
  ) AS lines,
  CAST(json->'$.tags' AS VARCHAR[]) AS tags,
  json->>'$.csat' AS satisfaction,
  _row
FROM json_rows('chats.jsonl')
