-- expect 7:7: no such column: number
-- query draft_find: one
-- Why.
-- in: id i64
-- out: body text
SELECT body FROM draft
WHERE number = $id;
