-- One JSON object a line; the customer is as the shop knows her: account, registered, guest, or by phone.
SELECT
  json->>'$.orderId' AS id,
  json->>'$.placedAt' AS placed_at,
  json->>'$.channel' AS channel,
  json->>'$.status' AS status,
  json->>'$.customer.type' AS buyer_kind,
  json->>'$.customer.name' AS buyer_name,
  json->>'$.customer.email' AS buyer_email,
  json->>'$.customer.phone' AS buyer_phone,
  json->>'$.customer.customerNo' AS buyer_number,
  json->>'$.customer.account' AS buyer_account,
  json->>'$.anonymousId' AS device,
  list_transform(
    CAST(json->'$.lines' AS JSON[]),
    lambda line: {'product': line->>'$.sku', 'quantity': line->>'$.qty', 'unit_price': line->>'$.unitPrice'}
  ) AS lines,
  json->>'$.total.amount' AS total,
  json->>'$.total.currency' AS currency,
  json->>'$.coupon' AS coupon,
  json->>'$.campaign' AS campaign,
  json->>'$.discovery' AS discovery,
  _row
FROM json_rows('orders.jsonl')
