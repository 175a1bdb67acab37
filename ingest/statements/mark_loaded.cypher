// Remembers that a folder with these very bytes was loaded whole.
MERGE (load:LoadedFolder {sourceKey: $digest})
ON CREATE SET load.at = $now
