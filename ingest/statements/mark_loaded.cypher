// Remembers that a folder with these very bytes was loaded whole, last when, and by which rules values were chosen.
MERGE (load:LoadedFolder {sourceKey: $digest})
ON CREATE SET load.at = $now
SET load.lastAt = $now, load.rules = $rules
