// Which of these are deliveries to the systems that name them.
UNWIND $events AS event
MATCH (delivery:Delivery {id: event.id, system: event.system})
RETURN {id: delivery.id, system: delivery.system} AS row
