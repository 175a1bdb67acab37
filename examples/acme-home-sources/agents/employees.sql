SELECT
  agent AS id,
  name,
  mail AS email,
  team,
  regions,
  languages,
  since,
  until,
  _payload,
  _line
FROM csv_rows('agents.csv')
