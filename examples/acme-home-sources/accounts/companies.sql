SELECT
  Id AS id,
  Name AS name,
  ParentId AS parent,
  VatNumber AS vat_number,
  BillingCountryCode AS country,
  Website AS website,
  Description AS description,
  CreatedDate AS since,
  _payload,
  _line
FROM csv_rows('accounts.csv')
