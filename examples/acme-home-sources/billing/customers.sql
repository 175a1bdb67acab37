-- Accounts as billing keeps them: `SURNAME, Given`, days as DD.MM.YYYY, a decimal comma.
SELECT
  CUST_NO AS id,
  ACCT_NAME AS name_family_first,
  as_date(DOB, '%d.%m.%Y') AS birth_date,
  EMAIL AS email,
  TEL AS phone,
  BILL_STREET AS street,
  BILL_ADD AS unit,
  ZIP AS postal_code,
  CITY AS city,
  CTRY AS country,
  as_date(OPENED, '%d.%m.%Y') AS since,
  as_date(CHANGED, '%d.%m.%Y') AS changed_at,
  as_amount(BALANCE) AS balance,
  _row.payload ->> 'TAX_ID' AS national_id,  -- a column that older exports lack
  _row
FROM csv_rows('billing.csv', delimiter := ';')
