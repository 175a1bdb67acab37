// What the employee is called who signs in under this number.
MATCH (employee:Employee {number: $number})
RETURN employee.name LIMIT 1
