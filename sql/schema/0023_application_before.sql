-- What an application said before it was submitted again: its answers, sealed for this row, the version that they answer, and what the columns said.
-- revision: of the entry of its history that sent it back. So nothing that was submitted once is lost by a modification.
CREATE TABLE application_before (
	account_id BIGINT NOT NULL,
	application_id BIGINT NOT NULL,
	revision BIGINT NOT NULL,
	version TEXT NOT NULL,
	office TEXT NOT NULL,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	answers BYTEA NOT NULL,
	PRIMARY KEY (account_id, application_id, revision)
);

-- What is being modified has the shape of the version that it was submitted by, whatever the draft said.
UPDATE draft SET version = (SELECT a.version FROM application a WHERE a.account_id = draft.account_id AND a.id = draft.application_id)
WHERE application_id <> 0;
