// What was looked at and not followed by an erasure says for a day what it was.
MATCH (looked:ErasureReceipt {state: 'PREVIEWED'})
WHERE looked.askedAt < $before
DELETE looked
