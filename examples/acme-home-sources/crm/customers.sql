-- Contacts of sales: names in parts, birth dates as MM/DD/YYYY in the US and in ISO 8601 elsewhere.
SELECT
  Id AS id,
  FirstName AS given_name,
  MiddleName AS middle_name,
  LastName AS family_name,
  Suffix AS suffix,
  as_date(Birthdate, '%m/%d/%Y') AS birth_date,
  Email AS email,
  [SecondaryEmail] AS other_emails,
  MobilePhone AS phone,
  [Phone] AS other_phones,
  MailingStreet AS street,
  MailingPostalCode AS postal_code,
  MailingCity AS city,
  MailingState AS state,
  MailingCountryCode AS country,
  CustomerNumbers AS other_numbers,
  CreatedDate AS since,
  LastModifiedDate AS changed_at,
  _row
FROM csv_rows('crm.csv')
