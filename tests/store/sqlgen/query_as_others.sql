-- expect 7:10: the answer has 1 columns, '-- out:' has 2
-- query draft_find: one
-- Why.
-- in: id i64
-- out: body text, photo blob
SELECT body, photo FROM draft WHERE id = $id;
-- query draft_more: one
-- Why.
-- out: as draft_find
SELECT min(body) AS body FROM draft;
