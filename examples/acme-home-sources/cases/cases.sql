SELECT
  case_id AS id,
  opened_at,
  first_response_at,
  closed_at,
  status,
  channel,
  team,
  string_split(queue_history, '>') AS history,
  agent,
  reporter,
  order_no AS order_id,
  mail_thread,
  origin_id AS origin,
  subject,
  resolution,
  csat AS satisfaction,
  _row
FROM csv_rows('cases.csv', delimiter := '|')
