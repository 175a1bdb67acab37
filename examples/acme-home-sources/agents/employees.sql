SELECT
  agent AS id,
  name,
  mail AS email,
  team,
  regions,
  languages,
  since,
  until,
  _row
FROM csv_rows('agents.csv')
