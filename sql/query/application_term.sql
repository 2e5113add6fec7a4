-- query application_term_add: exec
-- A word may occur twice in a name.
-- in: account_id i64, term text, application_id i64
INSERT INTO application_term (account_id, term, application_id) VALUES ($account_id, $term, $application_id)
ON CONFLICT (account_id, term, application_id) DO NOTHING;
