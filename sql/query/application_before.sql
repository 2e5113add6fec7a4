-- query application_before_keep: exec
-- As it stands, before what was modified comes in its place.
-- in: account_id i64, id i64, revision i64, answers blob
INSERT INTO application_before (account_id, application_id, revision, version, office, name, email, answers)
SELECT account_id, id, revision, version, office, name, email, $answers FROM application
WHERE account_id = $account_id AND id = $id AND revision = $revision;

-- query application_before_find: one
-- What had been submitted when that entry of the history sent it back.
-- in: account_id i64, application_id i64, revision i64
-- out: version text, office text, name text, email text, answers blob
SELECT version, office, name, email, answers FROM application_before
WHERE account_id = $account_id AND application_id = $application_id AND revision = $revision;
