-- query application_open_add: exec
-- Sent back.
-- in: account_id i64, application_id i64, item text
INSERT INTO application_open (account_id, application_id, item) VALUES ($account_id, $application_id, $item) ON CONFLICT DO NOTHING;

-- query application_open_list: many
-- What may be modified.
-- in: account_id i64, application_id i64
-- out: item text
SELECT item FROM application_open WHERE account_id = $account_id AND application_id = $application_id ORDER BY item;

-- query application_open_clear: exec
-- It leaves the return process: submitted again, withdrawn, or by any other step.
-- in: account_id i64, application_id i64
DELETE FROM application_open WHERE account_id = $account_id AND application_id = $application_id;
