// Remembers that a folder with these very bytes was loaded whole, last when, by which rules values were chosen, and the stages.
MERGE (load:LoadedFolder {sourceKey: $digest})
ON CREATE SET load.at = $now
SET load.lastAt = $now, load.rules = $rules, load.journey = $journey
