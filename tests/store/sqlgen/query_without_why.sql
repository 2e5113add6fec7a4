-- expect 2:10: draft_find: a comment line must say why
-- query draft_find: one
-- in: id i64
-- out: body text
SELECT body FROM draft WHERE id = $id;
