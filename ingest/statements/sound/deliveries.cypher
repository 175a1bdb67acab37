// How many changes systems have still to be told, and of how many telling was given up.
MATCH (delivery:Delivery) WHERE delivery.state IN ['PENDING', 'DEAD']
WITH delivery.state AS state, count(delivery) AS times
RETURN {state: state, count: times} AS row
