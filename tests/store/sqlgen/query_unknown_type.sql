-- expect 4:8: id: the types are i64, text and blob
-- query draft_find: one
-- Why.
-- in: id int
-- out: body text
SELECT body FROM draft WHERE id = $id;
