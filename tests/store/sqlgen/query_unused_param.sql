-- expect 4:16: 'account_id' is declared but not used
-- query draft_find: one
-- Why.
-- in: id i64, account_id i64
-- out: body text
SELECT body FROM draft WHERE id = $id;
