-- expect 8:10: 'draft_find' is the name of a query above
-- query draft_find: one
-- Why.
-- in: id i64
-- out: body text
SELECT body FROM draft WHERE id = $id;

-- query draft_find: one
-- Why.
-- in: id i64
-- out: account_id i64
SELECT account_id FROM draft WHERE id = $id;
