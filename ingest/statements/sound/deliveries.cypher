// How many changes systems have still to be told, and of how many telling was given up.
MATCH (delivery:Delivery) WHERE delivery.state IN ['PENDING', 'DEAD']
RETURN {state: delivery.state, count: count(delivery)} AS row
