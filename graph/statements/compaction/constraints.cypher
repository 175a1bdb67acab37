// What makes each constraint.
SHOW CONSTRAINTS YIELD name, createStatement
RETURN createStatement ORDER BY name
