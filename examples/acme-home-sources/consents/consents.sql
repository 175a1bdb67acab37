SELECT
  consent_id AS id,
  subject_system AS customer_system,
  subject_id AS customer,
  purpose,
  legal_basis,
  state,
  decided_at,
  collected_via AS method,
  policy_version AS notice_version,
  _row
FROM csv_rows('consents.csv')
