// How many erasures are under way, and how many systems have still to be told of one.
RETURN {begun: COUNT { MATCH (:ErasureReceipt {state: 'BEGUN'}) },
  untold: COUNT { MATCH (:ErasureReceipt)-[:NOTIFIES]->(notice:ErasureNotice) WHERE notice.confirmedAt IS NULL }} AS row
