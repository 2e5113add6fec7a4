-- expect 5:13: || is not used here: build texts in C
-- query draft_body: many
-- Why.
-- out: body text
SELECT body || 'x' AS body FROM draft ORDER BY id;
