-- query session_insert: exec
-- last_login_at is the login before this one, shown on every page.
-- in: id i64, token_digest text, account_id i64, created_at i64, last_login_at i64, source text, agent text
INSERT INTO session (id, token_digest, account_id, created_at, seen_at, last_login_at, source, agent)
VALUES ($id, $token_digest, $account_id, $created_at, $created_at, $last_login_at, $source, $agent);

-- query session_find: one
-- The one query of each request of a person who has logged in.
-- in: token_digest text
-- out: id i64, account_id i64, created_at i64, seen_at i64, last_login_at i64, source text, agent text, user_id text, user_type text, name text
SELECT s.id, s.account_id, s.created_at, s.seen_at, s.last_login_at, s.source, s.agent, a.user_id, a.user_type, a.name
FROM session s JOIN account a ON a.id = s.account_id
WHERE s.token_digest = $token_digest;

-- query session_touch: exec
-- Only forwards: requests of one person may overtake each other.
-- in: id i64, seen_at i64
UPDATE session SET seen_at = $seen_at WHERE id = $id AND seen_at < $seen_at;

-- query session_delete: exec
-- The account in the condition: nobody ends the session of another.
-- in: id i64, account_id i64
DELETE FROM session WHERE id = $id AND account_id = $account_id;

-- query session_delete_all: exec
-- Of whoever has a new password.
-- in: account_id i64
DELETE FROM session WHERE account_id = $account_id;

-- query session_purge: exec
-- Those that have ended in any case: ids rise with time, so they are the first in the table. One that ended because nobody used it goes with
-- them, hours later; to find it sooner would need an index on seen_at, which costs at each request, or a walk over the whole table.
-- in: before_id i64
DELETE FROM session WHERE id < $before_id;

-- query session_begun: one
-- How old it is: a fresh one is trusted less.
-- in: id i64, account_id i64
-- out: created_at i64
SELECT created_at FROM session WHERE id = $id AND account_id = $account_id;

-- query session_rotate: exec
-- The same session under a new token.
-- in: id i64, account_id i64, token_digest text
UPDATE session SET token_digest = $token_digest WHERE id = $id AND account_id = $account_id;
