-- query basic4_put: exec
-- The latest reading counts, until the draft is submitted.
-- in: id i64, account_id i64, draft_id i64, items blob, source text, serial_hash text, read_at i64
INSERT INTO basic4 (id, account_id, draft_id, application_id, items, source, serial_hash, read_at)
VALUES ($id, $account_id, $draft_id, 0, $items, $source, $serial_hash, $read_at)
ON CONFLICT (account_id, draft_id, application_id) DO UPDATE SET items = $items, source = $source, serial_hash = $serial_hash, read_at = $read_at;

-- query basic4_find: one
-- application_id 0: of a draft.
-- in: account_id i64, draft_id i64
-- out: draft_id i64, items blob, source text, read_at i64
SELECT draft_id, items, source, read_at FROM basic4 WHERE account_id = $account_id AND draft_id = $draft_id AND application_id = 0;

-- query basic4_find_application: one
-- The draft's number is needed to open the seal.
-- in: account_id i64, application_id i64
-- out: as basic4_find
SELECT draft_id, items, source, read_at FROM basic4 WHERE account_id = $account_id AND application_id = $application_id AND application_id <> 0;

-- query basic4_keep: exec
-- With the application that came of the draft.
-- in: account_id i64, draft_id i64, application_id i64
UPDATE basic4 SET application_id = $application_id WHERE account_id = $account_id AND draft_id = $draft_id AND application_id = 0 AND draft_id <> 0;

-- query basic4_drop: exec
-- With its draft.
-- in: account_id i64, draft_id i64
DELETE FROM basic4 WHERE account_id = $account_id AND draft_id = $draft_id AND application_id = 0 AND draft_id <> 0;

-- query basic4_purge: exec
-- Read for drafts that were not submitted.
-- in: before i64
DELETE FROM basic4 WHERE application_id = 0 AND read_at < $before;
