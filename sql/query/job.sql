-- state is 0, waiting or leased: none of today's jobs ends.

-- query job_add: exec
-- One of a kind and name waits at most; the one that is there already is enough.
-- in: id i64, kind text, name text, payload text, next_at i64, at i64
INSERT INTO job (id, kind, name, payload, state, attempts, next_at, lease_owner, last_error, created_at, ended_at)
VALUES ($id, $kind, $name, $payload, 0, 0, $next_at, '', '', $at, 0)
ON CONFLICT DO NOTHING;

-- query job_claim: one
-- As outbox_claim.
-- in: owner text, now i64, lease_until i64
-- out: id i64, kind text, name text, payload text, attempts i64
UPDATE job SET next_at = $lease_until, lease_owner = $owner, attempts = attempts + 1
WHERE id = (SELECT id FROM job WHERE state = 0 AND next_at <= $now ORDER BY next_at, id LIMIT 1) AND state = 0 AND next_at <= $now
RETURNING id, kind, name, payload, attempts;

-- query job_later: exec
-- Again later: after a failure.
-- in: id i64, owner text, next_at i64, reason text
UPDATE job SET next_at = $next_at, last_error = $reason, lease_owner = ''
WHERE id = $id AND state = 0 AND lease_owner = $owner;

-- query job_again: exec
-- Done, and to come back by schedule.
-- in: id i64, owner text, next_at i64
UPDATE job SET next_at = $next_at, attempts = 0, last_error = '', lease_owner = ''
WHERE id = $id AND state = 0 AND lease_owner = $owner;

-- query job_due: one
-- When to look again; 0: nothing waits.
-- out: next_at i64
SELECT COALESCE(MIN(next_at), 0) AS next_at FROM job WHERE state = 0;

-- query job_recall: exec
-- One that waits for longer than until latest was put off by a clock that has been set back since.
-- in: kind text, name text, now i64, latest i64
UPDATE job SET next_at = $now WHERE kind = $kind AND name = $name AND state = 0 AND next_at > $latest;

-- query job_list: many
-- For operators.
-- in: most i64
-- out: id i64, kind text, name text, attempts i64, next_at i64, last_error text
SELECT id, kind, name, attempts, next_at, last_error
FROM job WHERE state = 0 ORDER BY next_at, id LIMIT $most;
