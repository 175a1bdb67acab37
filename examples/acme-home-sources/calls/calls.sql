-- A withheld number is `anonymous`.
SELECT
  call_id AS id,
  started_at,
  direction = 'out' AS outbound,
  nullif(caller, 'anonymous') AS caller,
  queue,
  agent,
  wait_s AS waited_seconds,
  talk_s AS talked_seconds,
  customer_no AS customer,
  outcome,
  notes,
  _row
FROM csv_rows('calls.csv')
