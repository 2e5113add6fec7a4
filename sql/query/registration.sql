-- query registration_insert: exec
-- For a registered address too, as a link that nobody is sent and that has expired.
-- in: id i64, token_digest text, email text, lang text, form blob, created_at i64, expires_at i64
INSERT INTO registration (id, token_digest, email, lang, state, form, password_hash, account_id, user_id, created_at, expires_at)
VALUES ($id, $token_digest, $email, $lang, 0, $form, '', 0, '', $created_at, $expires_at);

-- query registration_find: one
-- Whether it is good still is decided by the caller, who says why when it is not.
-- in: token_digest text
-- out: id i64, email text, lang text, state i64, form blob, password_hash text, account_id i64, user_id text, created_at i64, expires_at i64
SELECT id, email, lang, state, form, password_hash, account_id, user_id, created_at, expires_at
FROM registration WHERE token_digest = $token_digest;

-- query registration_save: exec
-- Again after going back; never after the account exists.
-- in: id i64, form blob, password_hash text
UPDATE registration SET state = 1, form = $form, password_hash = $password_hash WHERE id = $id AND state < 2;

-- query registration_done: exec
-- Who comes first makes the account; form and hash are wiped, the account has them.
-- in: id i64, account_id i64, user_id text, form blob
UPDATE registration SET state = 2, form = $form, password_hash = '', account_id = $account_id, user_id = $user_id
WHERE id = $id AND state = 1;

-- query registration_purge: exec
-- Links that nobody can use any longer.
-- in: before i64
DELETE FROM registration WHERE expires_at < $before;
