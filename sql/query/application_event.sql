-- query application_event_add: exec
-- The revision of the application is the entry's number: no step without an entry, no entry twice.
-- token: of the draft that was submitted again by it; unique in its account.
-- in: account_id i64, application_id i64, revision i64, at i64, event text, status text, actor_kind i64, actor_id i64, note text, token text
INSERT INTO application_event (account_id, application_id, revision, at, event, status, actor_kind, actor_id, note, token)
VALUES ($account_id, $application_id, $revision, $at, $event, $status, $actor_kind, $actor_id, $note, $token);

-- query application_event_list: many
-- The timeline of one application.
-- in: account_id i64, application_id i64
-- out: at i64, event text, status text, actor_kind i64, note text
SELECT at, event, status, actor_kind, note FROM application_event
WHERE account_id = $account_id AND application_id = $application_id ORDER BY revision;
