-- query draft_find: one
-- The account is part of the key, so that nobody reads the draft of another.
-- in: id i64, account_id i64
-- out: body text, photo blob
SELECT body, photo FROM draft
WHERE id = $id AND account_id = $account_id;
