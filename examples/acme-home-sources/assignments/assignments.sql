SELECT
  team,
  country,
  segment,
  topic,
  valid_from AS since,
  valid_until AS until,
  _payload,
  _line
FROM csv_rows('assignments.csv')
