-- query number_add: exec
-- Both numbers of an application at once: two rows, or one of them is taken and others must be drawn.
-- in: reference text, temporary_no text, account_id i64, application_id i64
INSERT INTO number (number, account_id, application_id)
VALUES ($reference, $account_id, $application_id), ($temporary_no, $account_id, $application_id)
ON CONFLICT (number) DO NOTHING;

-- query number_own: one
-- Of the account itself alone: a number of somebody else's is like one that is not there.
-- in: account_id i64, number text
-- out: reference text, procedure text, status text
SELECT a.reference, a.procedure, a.status FROM number n JOIN application a ON a.account_id = n.account_id AND a.id = n.application_id
WHERE n.number = $number AND n.account_id = $account_id;
