-- States as enum idv_state: 0 created, 1 shown, 2 claimed, 3 verifying, 4 await_code, 5 done, 6 failed, 7 expired, 8 cancelled.

-- query id_tx_insert: exec
-- Begun; everything that comes later is empty.
-- in: id text, adapter text, op text, purpose text, account_id i64, session_id i64, draft_id i64, chain text, bindback i64, browser text,
-- in: next text, held blob, nothing blob, now i64, expires_at i64, total_until i64
INSERT INTO id_tx (id, adapter, op, purpose, account_id, session_id, draft_id, chain, state, seq, error, bindback, confirmed, code, tries_left,
	app, app_key, phone_label, phone_event, phone_tries, bad_claims, browser, next, held, result, evidence, created_at, changed_at, expires_at, total_until, left_at)
VALUES ($id, $adapter, $op, $purpose, $account_id, $session_id, $draft_id, $chain, 0, 1, '', $bindback, 0, '', 0,
	'', '', '', 0, 0, 0, $browser, $next, $held, $nothing, '', $now, $now, $expires_at, $total_until, 0);

-- query id_tx_find: one
-- All of it: whoever asks decides what he may see.
-- in: id text
-- out: id text, adapter text, op text, purpose text, account_id i64, session_id i64, draft_id i64, chain text, state i64, seq i64, error text,
-- out: bindback i64, confirmed i64, code text, tries_left i64, app text, app_key text, phone_label text, phone_event i64, phone_tries i64, bad_claims i64,
-- out: browser text, next text, held blob, result blob, created_at i64, changed_at i64, expires_at i64, total_until i64, left_at i64
SELECT id, adapter, op, purpose, account_id, session_id, draft_id, chain, state, seq, error,
	bindback, confirmed, code, tries_left, app, app_key, phone_label, phone_event, phone_tries, bad_claims,
	browser, next, held, result, created_at, changed_at, expires_at, total_until, left_at
FROM id_tx WHERE id = $id;

-- query id_tx_begun: many
-- The last ones of a session, for the pause after too many.
-- in: session_id i64, most i64
-- out: created_at i64
SELECT created_at FROM id_tx WHERE session_id = $session_id ORDER BY created_at DESC, id LIMIT $most;

-- query id_tx_chain: one
-- The first step that a second one may follow: done, not used up, of the same session, for the same thing.
-- in: session_id i64, purpose text, draft_id i64, since i64
-- out: id text
SELECT id FROM id_tx
WHERE session_id = $session_id AND purpose = $purpose AND draft_id = $draft_id AND op = 'auth' AND state = 5 AND length(result) > 0 AND changed_at > $since
ORDER BY changed_at DESC, id LIMIT 1;

-- query id_tx_open: many
-- Those that a new one may have to end, the oldest first.
-- in: account_id i64, now i64
-- out: id text, session_id i64
SELECT id, session_id FROM id_tx WHERE account_id = $account_id AND state < 5 AND expires_at > $now ORDER BY created_at, id;

-- query id_tx_trouble: one
-- Claims that failed: somebody else may have the person's code in hand.
-- in: account_id i64, since i64
-- out: n i64
SELECT count(*) AS n FROM id_tx WHERE account_id = $account_id AND created_at > $since AND (error = 'claimed_twice' OR bad_claims > 0);

-- query id_tx_show: exec
-- Created to shown.
-- in: id text, expires_at i64, now i64
UPDATE id_tx SET state = 1, seq = seq + 1, expires_at = $expires_at, changed_at = $now WHERE id = $id AND state = 0 AND expires_at > $now;

-- query id_tx_claim: exec
-- Shown to claimed: of two phones one changes the row.
-- in: id text, app text, app_key text, phone_label text, bindback i64, held blob, expires_at i64, now i64
UPDATE id_tx SET state = 2, seq = seq + 1, app = $app, app_key = $app_key, phone_label = $phone_label, bindback = $bindback, held = $held, expires_at = $expires_at, changed_at = $now
WHERE id = $id AND state = 1 AND expires_at > $now;

-- query id_tx_bad_claim: exec
-- Nobody needs to be woken for it, so seq stays.
-- in: id text
UPDATE id_tx SET bad_claims = bad_claims + 1 WHERE id = $id;

-- query id_tx_phone: exec
-- What the phone says of itself, while the person holds the card to it.
-- in: id text, app text, phone_event i64, phone_tries i64, now i64
UPDATE id_tx SET seq = seq + 1, phone_event = $phone_event, phone_tries = $phone_tries, changed_at = $now
WHERE id = $id AND state = 2 AND app = $app AND expires_at > $now;

-- query id_tx_verify: exec
-- The one that goes through verifies, and what was held is spent with it. from_state: claimed, or shown without an app.
-- in: id text, from_state i64, app text, nothing blob, expires_at i64, now i64
UPDATE id_tx SET state = 3, seq = seq + 1, held = $nothing, expires_at = $expires_at, changed_at = $now
WHERE id = $id AND state = $from_state AND app = $app AND expires_at > $now;

-- query id_tx_await: exec
-- Verified; the code must be typed yet.
-- in: id text, code text, tries_left i64, result blob, evidence text, expires_at i64, now i64
UPDATE id_tx SET state = 4, seq = seq + 1, code = $code, tries_left = $tries_left, result = $result, evidence = $evidence, expires_at = $expires_at, changed_at = $now
WHERE id = $id AND state = 3 AND expires_at > $now;

-- query id_tx_wrong_code: exec
-- The tries that were read are in the condition, so that of many guesses at once each costs one.
-- in: id text, tries_left i64, now i64
UPDATE id_tx SET seq = seq + 1, tries_left = tries_left - 1, error = 'code_mismatch', changed_at = $now
WHERE id = $id AND state = 4 AND tries_left = $tries_left AND tries_left > 1 AND expires_at > $now;

-- query id_tx_done: exec
-- tries_left as for a wrong code: a right one counts only as one of the three.
-- in: id text, from_state i64, tries_left i64, confirmed i64, result blob, evidence text, now i64
UPDATE id_tx SET state = 5, seq = seq + 1, error = '', code = '', confirmed = $confirmed, result = $result, evidence = $evidence, changed_at = $now
WHERE id = $id AND state = $from_state AND tries_left = $tries_left AND expires_at > $now;

-- query id_tx_end: exec
-- Over without a result. seq in the condition: what it was when that was decided.
-- in: id text, seq i64, state i64, error text, nothing blob, now i64
UPDATE id_tx SET state = $state, seq = seq + 1, error = $error, code = '', held = $nothing, result = $nothing, changed_at = $now
WHERE id = $id AND seq = $seq AND state < 5;

-- query id_tx_left: exec
-- The browser goes on; of two tabs one.
-- in: id text, now i64
UPDATE id_tx SET left_at = $now WHERE id = $id AND state = 5 AND left_at = 0;

-- query id_tx_used: exec
-- The second step has been done: what the first one proved is written where it belongs.
-- in: id text, nothing blob
UPDATE id_tx SET result = $nothing WHERE id = $id;

-- query id_tx_late: many
-- Whose time is over and of which nobody has written so.
-- in: now i64, most i64
-- out: id text
SELECT id FROM id_tx WHERE state < 5 AND expires_at <= $now ORDER BY expires_at, id LIMIT $most;

-- query id_tx_old: many
-- Those that become tombstones.
-- in: before i64, most i64
-- out: id text, op text, state i64, error text, created_at i64, changed_at i64
SELECT id, op, state, error, created_at, changed_at FROM id_tx WHERE created_at < $before AND state >= 5 ORDER BY created_at, id LIMIT $most;

-- query id_tx_delete: exec
-- Its tombstone stands.
-- in: id text
DELETE FROM id_tx WHERE id = $id;
