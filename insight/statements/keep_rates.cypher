// How customers usually answer, in place of what was kept before.
MERGE (kept:AnswerRates {id: 'answers'})
SET kept = $kept, kept.id = 'answers', kept.learnedAt = $now, kept.contacts = $contacts
RETURN kept.id
