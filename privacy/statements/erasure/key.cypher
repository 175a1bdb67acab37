// By what the key is known under which that is done; where nobody is suppressed any more a new one may be.
MERGE (key:SuppressionKey {of: 'key'})
SET key.check = CASE WHEN key.check IS NULL OR NOT EXISTS { MATCH (:Suppression) } THEN $check ELSE key.check END
RETURN key.check
