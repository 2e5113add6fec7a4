-- States as enum tax_state: 0 fetching, 1 answered, 2 attached.

-- query tax_info_put: exec
-- What the person asked for last counts; what is attached is not replaced.
-- in: id i64, account_id i64, draft_id i64, state i64, answer text, work blob, info blob, now i64, poll_at i64, until_at i64, fetched_at i64
INSERT INTO tax_info (id, account_id, draft_id, application_id, state, answer, work, info, begun_at, poll_at, until_at, fetched_at)
VALUES ($id, $account_id, $draft_id, 0, $state, $answer, $work, $info, $now, $poll_at, $until_at, $fetched_at)
ON CONFLICT (account_id, draft_id, application_id) DO UPDATE SET
	id = $id, state = $state, answer = $answer, work = $work, info = $info, begun_at = $now, poll_at = $poll_at, until_at = $until_at, fetched_at = $fetched_at
WHERE tax_info.state <> 2;

-- query tax_info_find: one
-- Of a draft of the person's own.
-- in: account_id i64, draft_id i64
-- out: id i64, state i64, answer text, info blob, begun_at i64, until_at i64, fetched_at i64
SELECT id, state, answer, info, begun_at, until_at, fetched_at FROM tax_info
WHERE account_id = $account_id AND draft_id = $draft_id AND application_id = 0;

-- query tax_info_find_application: one
-- Only what was attached went with it.
-- in: account_id i64, application_id i64
-- out: as tax_info_find
SELECT id, state, answer, info, begun_at, until_at, fetched_at FROM tax_info
WHERE account_id = $account_id AND application_id = $application_id AND application_id <> 0;

-- query tax_info_due: one
-- The next one to ask for. Reads only, because mostly there is none.
-- in: now i64
-- out: id i64, account_id i64, draft_id i64, work blob, poll_at i64, until_at i64
SELECT id, account_id, draft_id, work, poll_at, until_at FROM tax_info
WHERE state = 0 AND poll_at <= $now ORDER BY poll_at, id LIMIT 1;

-- query tax_info_claim: exec
-- Of several workers one: the time that was read is in the condition.
-- in: id i64, was i64, poll_at i64
UPDATE tax_info SET poll_at = $poll_at WHERE id = $id AND state = 0 AND poll_at = $was;

-- query tax_info_answer: exec
-- There is an answer: what was needed to ask goes.
-- in: id i64, answer text, nothing blob, info blob, fetched_at i64
UPDATE tax_info SET state = 1, answer = $answer, work = $nothing, info = $info, fetched_at = $fetched_at WHERE id = $id AND state = 0;

-- query tax_info_attach: exec
-- Only good information can be attached, and only once it was shown.
-- in: account_id i64, draft_id i64, id i64
UPDATE tax_info SET state = 2 WHERE account_id = $account_id AND draft_id = $draft_id AND id = $id AND application_id = 0 AND state = 1 AND answer = 'ok';

-- query tax_info_drop: exec
-- Not attached, or its draft is deleted.
-- in: account_id i64, draft_id i64
DELETE FROM tax_info WHERE account_id = $account_id AND draft_id = $draft_id AND application_id = 0;

-- query tax_info_keep: exec
-- With the application that came of the draft.
-- in: account_id i64, draft_id i64, application_id i64
UPDATE tax_info SET application_id = $application_id WHERE account_id = $account_id AND draft_id = $draft_id AND application_id = 0 AND state = 2;

-- query tax_info_purge: exec
-- Fetched for drafts that were not submitted.
-- in: before i64
DELETE FROM tax_info WHERE application_id = 0 AND begun_at < $before;
