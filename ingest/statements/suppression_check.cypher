// By what the key is known under which rows of the erased are known again; nothing where nobody is suppressed.
MATCH (key:SuppressionKey {of: 'key'})
WHERE EXISTS { MATCH (:Suppression) }
RETURN key.check
