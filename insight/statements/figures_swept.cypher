// Figures of months that are over, or that are made of nothing any more.
MATCH (n:ServiceFigure) WHERE NOT n.sourceKey IN $keys
DELETE n
RETURN count(n) AS gone
