-- query link_insert: exec
-- account_id 0: sent to nobody, see the schema.
-- in: id i64, purpose text, token_digest text, account_id i64, created_at i64, expires_at i64
INSERT INTO link (id, purpose, token_digest, account_id, created_at, expires_at, used_at)
VALUES ($id, $purpose, $token_digest, $account_id, $created_at, $expires_at, 0);

-- query link_find: one
-- The purpose in the condition: a link that lifts a lock never sets a password.
-- in: token_digest text, purpose text
-- out: id i64, account_id i64, expires_at i64, used_at i64
SELECT id, account_id, expires_at, used_at FROM link WHERE token_digest = $token_digest AND purpose = $purpose AND account_id <> 0;

-- query link_use: exec
-- Of two presses one changes the row.
-- in: id i64, at i64
UPDATE link SET used_at = $at WHERE id = $id AND used_at = 0 AND expires_at > $at;

-- query link_use_all: exec
-- The other links of the account end with the use of one.
-- in: account_id i64, at i64
UPDATE link SET used_at = $at WHERE account_id = $account_id AND used_at = 0;

-- query link_purge: exec
-- Links that nobody can use any longer.
-- in: before i64
DELETE FROM link WHERE expires_at < $before;
