-- expect 2:10: the name of a query in this file begins with 'draft_'
-- query drafts_find: one
-- Why.
-- in: id i64
-- out: body text
SELECT body FROM draft WHERE id = $id;
