-- expect 2:10: the answer has 1 columns, '-- out:' has 2
-- query draft_find: one
-- Why.
-- in: id i64
-- out: body text, photo blob
SELECT body FROM draft WHERE id = $id;
