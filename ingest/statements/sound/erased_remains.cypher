// Persons who were erased and of whom more than the id is left, unless their erasure is under way.
MATCH (customer:Customer)
WHERE customer.status = 'ERASED' AND (size(keys(customer)) > 2 OR EXISTS { (customer)--() })
  AND NOT EXISTS {
    MATCH (receipt:ErasureReceipt {state: 'BEGUN'})
    WHERE receipt.customer = customer.id OR customer.id IN receipt.merged
  }
RETURN count(customer)
