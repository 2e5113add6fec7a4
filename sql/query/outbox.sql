-- States: 0 ready or leased, 1 sent, 2 failed, 3 never to be sent, 4 shut: it does not open with our key, and is kept.

-- query outbox_insert: exec
-- payload is sealed. One that is never to be sent has ended at once.
-- in: id i64, account_id i64, recipient text, template text, locale text, payload blob, state i64, message_id text, at i64, ended_at i64
INSERT INTO outbox (id, account_id, recipient, template, locale, payload, state, attempts, next_at, lease_owner, last_error, message_id, created_at, ended_at)
VALUES ($id, $account_id, $recipient, $template, $locale, $payload, $state, 0, $at, '', '', $message_id, $at, $ended_at);

-- query outbox_claim: one
-- Takes the one that is due longest, until the lease ends. The inner SELECT chooses, the outer condition decides: a mail that another
-- worker took in between is not taken again. One that an older mail to the same recipient waits or is sent before is left for later.
-- in: owner text, now i64, lease_until i64
-- out: id i64, account_id i64, recipient text, template text, locale text, payload blob, attempts i64, last_error text, message_id text, created_at i64
UPDATE outbox SET next_at = $lease_until, lease_owner = $owner, attempts = attempts + 1
WHERE id = (SELECT o.id FROM outbox o WHERE o.state = 0 AND o.next_at <= $now
	AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.recipient = o.recipient AND p.state = 0 AND p.id < o.id)
	ORDER BY o.next_at, o.id LIMIT 1) AND state = 0 AND next_at <= $now
RETURNING id, account_id, recipient, template, locale, payload, attempts, last_error, message_id, created_at;

-- query outbox_renew: exec
-- The work takes longer than the lease.
-- in: id i64, owner text, lease_until i64
UPDATE outbox SET next_at = $lease_until WHERE id = $id AND state = 0 AND lease_owner = $owner;

-- query outbox_hasten: exec
-- Mails to that recipient which wait after a failure: the one that comes now must go behind them, and not wait as long.
-- in: recipient text, now i64
UPDATE outbox SET next_at = $now WHERE recipient = $recipient AND state = 0 AND attempts > 0 AND lease_owner = '' AND next_at > $now;

-- query outbox_due: one
-- What a claim would take; no row: there is nothing. Reads only, for whoever would write in vain.
-- in: now i64
-- out: id i64
SELECT o.id FROM outbox o WHERE o.state = 0 AND o.next_at <= $now
	AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.recipient = o.recipient AND p.state = 0 AND p.id < o.id)
ORDER BY o.next_at, o.id LIMIT 1;

-- query outbox_end: exec
-- Sent or given up. Whoever lost the lease has no say.
-- in: id i64, owner text, state i64, reason text, payload blob, at i64
UPDATE outbox SET state = $state, last_error = $reason, payload = $payload, lease_owner = '', ended_at = $at
WHERE id = $id AND state = 0 AND lease_owner = $owner;

-- query outbox_later: exec
-- To be tried again.
-- in: id i64, owner text, next_at i64, reason text
UPDATE outbox SET next_at = $next_at, last_error = $reason, lease_owner = ''
WHERE id = $id AND state = 0 AND lease_owner = $owner;

-- query outbox_behind: exec
-- Later mails to the recipient of one that waits: they cannot go before it, and whoever looks for what is due need not pass them each time.
-- in: id i64, next_at i64
UPDATE outbox SET next_at = $next_at WHERE recipient = (SELECT p.recipient FROM outbox p WHERE p.id = $id)
	AND state = 0 AND id > $id AND lease_owner = '' AND next_at < $next_at;

-- query outbox_next: exec
-- The mail behind one that has ended need not wait as long as that one would have.
-- in: id i64, now i64
UPDATE outbox SET next_at = $now
WHERE id = (SELECT MIN(n.id) FROM outbox n WHERE n.recipient = (SELECT p.recipient FROM outbox p WHERE p.id = $id) AND n.state = 0)
	AND state = 0 AND attempts = 0 AND next_at > $now;

-- query outbox_shut: exec
-- It does not open with our key. Nothing of it is lost, and it holds up nobody.
-- in: id i64, owner text, next_at i64, reason text
UPDATE outbox SET state = 4, next_at = $next_at, last_error = $reason, lease_owner = ''
WHERE id = $id AND state = 0 AND lease_owner = $owner;

-- query outbox_reopen: exec
-- Those are tried again. They have not ended and are not ready: so the index of the ended ones finds them.
-- in: now i64
UPDATE outbox SET state = 0, next_at = $now WHERE state <> 0 AND ended_at = 0 AND state = 4;

-- query outbox_recall: exec
-- None waits longer than until latest: what does was put off, or leased, by a clock that has been set back since.
-- in: now i64, latest i64
UPDATE outbox SET next_at = $now WHERE state = 0 AND next_at > $latest;

-- query outbox_list: many
-- For operators: what waits, what failed and what is shut, without what it says.
-- in: most i64
-- out: id i64, recipient text, template text, state i64, attempts i64, next_at i64, last_error text, created_at i64
SELECT id, recipient, template, state, attempts, next_at, last_error, created_at
FROM outbox WHERE state = 0 OR state = 2 OR state = 4 ORDER BY created_at, id LIMIT $most;

-- query outbox_purge: exec
-- Mails that have ended.
-- in: before i64
DELETE FROM outbox WHERE state <> 0 AND ended_at > 0 AND ended_at < $before;

-- query outbox_first: one
-- As application_last: the one that has waited longest.
-- out: id i64, payload blob
SELECT id, payload FROM outbox WHERE state = 0 ORDER BY id LIMIT 1;
