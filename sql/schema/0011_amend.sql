-- What an officer sends back to be modified: the items that are open ("photo", "document:ID", "field:ID"), until it has been submitted again.
CREATE TABLE application_open (
	account_id BIGINT NOT NULL,
	application_id BIGINT NOT NULL,
	item TEXT NOT NULL,
	PRIMARY KEY (account_id, application_id, item)
);

-- The draft in which the applicant modifies it; 0: a draft of a new application.
ALTER TABLE draft ADD COLUMN application_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX draft_application ON draft (account_id, application_id) WHERE application_id <> 0;
