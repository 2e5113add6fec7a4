-- What modifies an application is one draft, and is there only while the application is in return process.

-- Those that were withdrawn have left theirs behind.
DELETE FROM application_open WHERE NOT EXISTS (SELECT 1 FROM application a
	WHERE a.account_id = application_open.account_id AND a.id = application_open.application_id AND a.status = 'returned');
DELETE FROM draft WHERE application_id <> 0 AND NOT EXISTS (SELECT 1 FROM application a
	WHERE a.account_id = draft.account_id AND a.id = draft.application_id AND a.status = 'returned');

-- Of several for one application the one that was saved last stays. The files of the others go with the next sweep, as those of any draft that is gone.
DELETE FROM draft WHERE application_id <> 0 AND EXISTS (SELECT 1 FROM draft d
	WHERE d.account_id = draft.account_id AND d.application_id = draft.application_id
	AND (d.saved_at > draft.saved_at OR (d.saved_at = draft.saved_at AND d.id > draft.id)));
DROP INDEX draft_application;
CREATE UNIQUE INDEX draft_application ON draft (account_id, application_id) WHERE application_id <> 0;
