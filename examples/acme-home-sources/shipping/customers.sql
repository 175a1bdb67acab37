-- Recipients: one column for the name, the country as a word in some language.
SELECT
  shipping_account AS id,
  recipient AS name,
  contact_email AS email,
  contact_phone AS phone,
  address_line_1 AS street,
  address_line_2 AS unit,
  postal_code,
  town AS city,
  region AS state,
  country,
  first_parcel_at AS since,
  last_parcel_at AS changed_at,
  _row
FROM csv_rows('shipping.csv')
