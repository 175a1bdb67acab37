SELECT
  PO AS id,
  VENDOR AS supplier,
  VENDOR_NAME AS supplier_name,
  MATERIAL AS product,
  QTY AS quantity,
  as_date(ORDERED, '%d.%m.%Y') AS ordered_on,
  as_date(PROMISED, '%d.%m.%Y') AS promised_on,
  as_date(RECEIVED, '%d.%m.%Y') AS received_on,
  as_amount(UNIT_COST) AS unit_cost,
  CURR AS currency,
  _row
FROM csv_rows('procurement.csv', delimiter := ';')
