SELECT
  team,
  country,
  segment,
  topic,
  valid_from AS since,
  valid_until AS until,
  _row
FROM csv_rows('assignments.csv')
