-- expect 5:12: no query above 'draft_more' in this file has columns and this name
-- query draft_more: one
-- Why.
-- in: id i64
-- out: as draft_find
SELECT body, photo FROM draft WHERE id = $id;
