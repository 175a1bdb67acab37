SELECT
  campaign_id AS id,
  name,
  purpose,
  channel,
  starts AS starts_on,
  ends AS ends_on,
  coupon,
  _row
FROM csv_rows('campaigns.csv', delimiter := chr(9))
