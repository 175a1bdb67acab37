SELECT
  AccountId AS company,
  ContactId AS contact,
  'crm' AS contact_system,
  ContactName AS name,
  ContactEmail AS email,
  Role AS role,
  StartDate AS since,
  EndDate AS until,
  _row
FROM csv_rows('account_contacts.csv')
