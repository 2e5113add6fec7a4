-- expect 6:8: name the columns instead of *: their order is part of the C struct
-- query draft_find: one
-- Why.
-- in: id i64
-- out: id i64, account_id i64, body text, photo blob
SELECT * FROM draft WHERE id = $id;
