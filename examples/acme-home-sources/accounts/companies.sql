SELECT
  Id AS id,
  Name AS name,
  ParentId AS parent,
  VatNumber AS vat_number,
  BillingCountryCode AS country,
  Website AS website,
  Description AS description,
  CreatedDate AS since,
  _row
FROM csv_rows('accounts.csv')
