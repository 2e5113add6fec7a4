-- query application_event_add: exec
-- The revision of the application is the entry's number: no step without an entry, no entry twice.
-- token: of the draft that was submitted again by it; unique in its account.
-- in: account_id i64, application_id i64, revision i64, at i64, event text, status text, actor_kind i64, actor_id i64, note text, token text
INSERT INTO application_event (account_id, application_id, revision, at, event, status, actor_kind, actor_id, note, token)
VALUES ($account_id, $application_id, $revision, $at, $event, $status, $actor_kind, $actor_id, $note, $token);

-- query application_event_list: many
-- The timeline of one application. kept: the revision again, where what had been submitted until then was modified and is kept; else 0.
-- in: account_id i64, application_id i64
-- out: at i64, event text, status text, actor_kind i64, note text, kept i64
SELECT e.at, e.event, e.status, e.actor_kind, e.note, COALESCE(b.revision, 0) AS kept
FROM application_event e LEFT JOIN application_before b
	ON b.account_id = e.account_id AND b.application_id = e.application_id AND b.revision = e.revision
WHERE e.account_id = $account_id AND e.application_id = $application_id ORDER BY e.revision;
