-- query usage_request_insert: exec
-- Beside its application, in the same transaction.
-- in: account_id i64, application_id i64, differs i64, at i64, months i64
INSERT INTO usage_request (account_id, application_id, state, differs, requested_at, decided_at, months, valid_until, told)
VALUES ($account_id, $application_id, 0, $differs, $at, 0, $months, 0, 0);

-- query usage_request_of: many
-- A person's own, the newest first; the application knows whether it was withdrawn, and what was said.
-- in: account_id i64
-- out: state i64, differs i64, requested_at i64, decided_at i64, valid_until i64, reference text, procedure text, status text, note text
SELECT u.state, u.differs, u.requested_at, u.decided_at, u.valid_until, a.reference, a.procedure, a.status, a.note
FROM usage_request u JOIN application a ON a.account_id = u.account_id AND a.id = u.application_id
WHERE u.account_id = $account_id ORDER BY u.application_id DESC;

-- query usage_request_find: one
-- The row of one application.
-- in: account_id i64, application_id i64
-- out: state i64, differs i64, requested_at i64, decided_at i64, months i64, valid_until i64
SELECT state, differs, requested_at, decided_at, months, valid_until
FROM usage_request WHERE account_id = $account_id AND application_id = $application_id;

-- query usage_request_decide: exec
-- Once: of two officers at the same moment one finds no row.
-- in: account_id i64, application_id i64, state i64, at i64, valid_until i64
UPDATE usage_request SET state = $state, decided_at = $at, valid_until = $valid_until
WHERE account_id = $account_id AND application_id = $application_id AND state = 0;

-- query usage_request_waiting: many
-- For officers, the oldest first. A request that was withdrawn has another status.
-- in: status text, most i64
-- out: differs i64, requested_at i64, reference text, temporary_no text, name text, procedure text, user_id text
SELECT u.differs, u.requested_at, a.reference, a.temporary_no, a.name, a.procedure, c.user_id
FROM usage_request u JOIN application a ON a.account_id = u.account_id AND a.id = u.application_id
JOIN account c ON c.id = u.account_id
WHERE u.state = 0 AND a.status = $status ORDER BY u.requested_at, u.application_id LIMIT $most;

-- query usage_request_expiring: many
-- Accepted ones that end by that day and whose owners have not been told; not when a newer one is good for longer.
-- in: today i64, until i64, most i64
-- out: account_id i64, application_id i64, valid_until i64, reference text, procedure text, email text, lang text
SELECT u.account_id, u.application_id, u.valid_until, a.reference, a.procedure, c.email, c.lang
FROM usage_request u JOIN application a ON a.account_id = u.account_id AND a.id = u.application_id
JOIN account c ON c.id = u.account_id
WHERE u.state = 1 AND u.told = 0 AND u.valid_until >= $today AND u.valid_until <= $until
AND NOT EXISTS (SELECT 1 FROM usage_request n WHERE n.account_id = u.account_id AND n.state = 1
	AND (n.valid_until = 0 OR n.valid_until > u.valid_until))
ORDER BY u.valid_until, u.account_id, u.application_id LIMIT $most;

-- query usage_request_told: exec
-- Told once, whoever does it.
-- in: account_id i64, application_id i64, at i64
UPDATE usage_request SET told = $at WHERE account_id = $account_id AND application_id = $application_id AND told = 0;
