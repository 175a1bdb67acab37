// An interaction as the desk needs it: its records, what was found in it, whether it is somebody's, and who attached it by
// which decision.
MATCH (interaction:Interaction {id: $interaction})
RETURN {records: COLLECT { MATCH (record:SourceRecord)-[:RECORDS]->(interaction) RETURN record.id },
  tasks: COLLECT { MATCH (task:ReviewTask)-[:FOUND_IN]->(interaction) RETURN task.sourceKey },
  owned: EXISTS { (interaction)<-[:HAD]-() }, by: interaction.attachedBy} AS row
