// Which of these systems are sent such events.
MATCH (system:SourceSystem) WHERE system.name IN $systems AND $what IN system.takes
RETURN system.name
