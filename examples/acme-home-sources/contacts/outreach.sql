-- An empty outcome says that the channel does not tell; it counts as no.
SELECT
  contact_id AS id,
  campaign_id AS campaign,
  channel,
  purpose,
  sent_at,
  list_source AS list_system,
  list_record,
  address,
  delivered,
  opened,
  clicked,
  replied,
  converted,
  complained,
  _row
FROM csv_rows('contacts.csv', delimiter := chr(9))
