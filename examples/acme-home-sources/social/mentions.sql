SELECT
  json->>'$.id' AS id,
  json->>'$.platform' AS platform,
  json->>'$.created_at' AS posted_at,
  json->>'$.author.handle' AS handle,
  json->>'$.author.display_name' AS display_name,
  json->>'$.text' AS text,
  json->>'$.lang' AS language,
  _row
FROM json_list('social.json', '$.mentions')
