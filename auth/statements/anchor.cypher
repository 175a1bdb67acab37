MERGE (s:TrailSegment {id: $segment})
SET s.checkpoint = $checkpoint
