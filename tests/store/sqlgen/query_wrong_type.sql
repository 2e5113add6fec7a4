-- expect 5:9: column 'body' is TEXT in the schema
-- query draft_find: one
-- Why.
-- in: id i64
-- out: body blob
SELECT body FROM draft WHERE id = $id;
