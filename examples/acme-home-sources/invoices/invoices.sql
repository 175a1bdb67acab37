-- KIND is R for an invoice and G for a credit note; guests share one number.
SELECT
  INV_NO AS id,
  nullif(CUST_NO, 'K-000000') AS customer,
  ORDER_NO AS order_id,
  CASE KIND WHEN 'R' THEN 'no' WHEN 'G' THEN 'yes' ELSE 'neither R nor G' END AS credit,
  as_date(INV_DATE, '%d.%m.%Y') AS issued_on,
  as_date(DUE, '%d.%m.%Y') AS due_on,
  as_date(PAID, '%d.%m.%Y') AS paid_on,
  as_amount(AMOUNT) AS amount,
  CURR AS currency,
  DUNNING AS dunning_level,
  _row.payload ->> 'PAY_REF' AS payment_reference,  -- a column that older exports lack
  _row
FROM csv_rows('invoices.csv', delimiter := ';')
