-- expect 5:8: 'id' is declared twice
-- query draft_find: one
-- Why.
-- in: id i64,
-- in: id text
-- out: body text
SELECT body FROM draft WHERE id = $id;
