// The figures that are kept.
MATCH (n:ServiceFigure)
RETURN n { .team, .channel, .month, .metric, .value, .counted, .customerCount } AS row
ORDER BY n.sourceKey
