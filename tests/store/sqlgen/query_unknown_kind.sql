-- expect 2:10: the kinds are one, many and exec: '-- query draft_find: one'
-- query draft_find: first
-- Why.
-- in: id i64
-- out: body text
SELECT body FROM draft WHERE id = $id;
