SELECT
  parcel AS id,
  shipping_account AS account,
  order_ref AS order_id,
  carrier,
  status,
  promised_on,
  delivered_at,
  delay_reason,
  history,
  recipient,
  address,
  _row
FROM csv_rows('shipments.csv')
