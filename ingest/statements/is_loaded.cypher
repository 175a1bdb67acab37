// Whether a folder with these very bytes was loaded whole.
MATCH (load:LoadedFolder {sourceKey: $digest})
RETURN true AS loaded
