// By which rules the last load chose values, which stages of journeys it wrote, and which systems of record the sources named.
RETURN {
  rules: COLLECT { MATCH (load:LoadedFolder) WHERE load.rules IS NOT NULL RETURN load.rules ORDER BY load.lastAt DESC LIMIT 1 }[0],
  journey: COLLECT { MATCH (load:LoadedFolder) WHERE load.journey IS NOT NULL RETURN load.journey ORDER BY load.lastAt DESC LIMIT 1 }[0],
  first: COLLECT { MATCH (system:SourceSystem) UNWIND system.firstFor AS said RETURN [system.name, said] }
} AS row
