-- query application_term_clear: exec
-- Submitted again: the words are found anew.
-- in: account_id i64, application_id i64
DELETE FROM application_term WHERE account_id = $account_id AND application_id = $application_id;

-- query application_term_add: exec
-- The words of one application at once; what is left over of the eight repeats a word, and nothing is stored twice.
-- in: account_id i64, application_id i64, term1 text, term2 text, term3 text, term4 text, term5 text, term6 text, term7 text, term8 text
INSERT INTO application_term (account_id, term, application_id)
VALUES ($account_id, $term1, $application_id), ($account_id, $term2, $application_id),
	($account_id, $term3, $application_id), ($account_id, $term4, $application_id),
	($account_id, $term5, $application_id), ($account_id, $term6, $application_id),
	($account_id, $term7, $application_id), ($account_id, $term8, $application_id)
ON CONFLICT (account_id, term, application_id) DO NOTHING;
