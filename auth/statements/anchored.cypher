MATCH (s:TrailSegment {id: $segment})
RETURN s.checkpoint
