// An interaction as the desk needs it: its records, whether it is somebody's, and who attached it by which decision.
MATCH (interaction:Interaction {id: $interaction})
RETURN {records: COLLECT { MATCH (record:SourceRecord)-[:RECORDS]->(interaction) RETURN record.id },
  owned: EXISTS { (interaction)<-[:HAD]-() }, by: interaction.attachedBy} AS row
