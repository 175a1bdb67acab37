// The channel that a customer prefers; of the kind that she names one of hers is the preferred one, and no other.
MATCH (customer:Customer {id: $customer})
SET customer.preferredChannel = $channel, customer.updatedAt = $now
WITH customer
MATCH (customer)-[:REACHABLE_ON]->(channel:Channel)
WITH channel ORDER BY channel.kind = $channel DESC, channel.preferred DESC, channel.id
WITH collect(channel) AS channels
UNWIND range(0, size(channels) - 1) AS place
WITH channels[place] AS channel, place
SET channel.preferred = place = 0 AND channel.kind = $channel
