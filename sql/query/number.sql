-- query number_add: exec
-- Both numbers of an application at once: two rows, or one of them is taken and others must be drawn.
-- in: reference text, temporary_no text, account_id i64, application_id i64
INSERT INTO number (number, account_id, application_id)
VALUES ($reference, $account_id, $application_id), ($temporary_no, $account_id, $application_id)
ON CONFLICT (number) DO NOTHING;
