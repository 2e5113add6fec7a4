-- Tax information of a draft, and of the application that came of it.

-- state: enum tax_state. work: what the service wants when it is asked again, sealed; empty as soon as there is an answer. info: sealed; empty: none.
-- poll_at: when it is asked next; until_at: when nobody waits any more.
CREATE TABLE tax_info (
	id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	draft_id BIGINT NOT NULL,
	application_id BIGINT NOT NULL,
	state BIGINT NOT NULL,
	answer TEXT NOT NULL,
	work BYTEA NOT NULL,
	info BYTEA NOT NULL,
	begun_at BIGINT NOT NULL,
	poll_at BIGINT NOT NULL,
	until_at BIGINT NOT NULL,
	fetched_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX tax_info_of ON tax_info (account_id, draft_id, application_id);
CREATE INDEX tax_info_poll ON tax_info (poll_at) WHERE state = 0;
CREATE INDEX tax_info_begun ON tax_info (begun_at) WHERE application_id = 0;
