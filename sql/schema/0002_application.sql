-- Drafts and applications. Keys begin with the account: a person's rows lie together, and the tables can be spread by it.

CREATE TABLE draft (
	account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	id BIGINT NOT NULL,
	procedure TEXT NOT NULL,
	version TEXT NOT NULL,
	revision BIGINT NOT NULL,
	token TEXT NOT NULL,
	visited TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	saved_at BIGINT NOT NULL,
	keep_until BIGINT NOT NULL,
	told BIGINT NOT NULL,
	answers BYTEA NOT NULL,
	PRIMARY KEY (account_id, id)
);
-- told: for how many days before keep_until a mail has said that the draft will be deleted; 0: none since the last save.
-- keep_until is a date and no instant: it changes once a day at most, so a save seldom touches the index.
CREATE INDEX draft_keep ON draft (keep_until);

CREATE TABLE application (
	account_id BIGINT NOT NULL REFERENCES account (id),
	id BIGINT NOT NULL,
	token TEXT NOT NULL,
	reference TEXT NOT NULL,
	temporary_no TEXT NOT NULL,
	procedure TEXT NOT NULL,
	version TEXT NOT NULL,
	office TEXT NOT NULL,
	user_type TEXT NOT NULL,
	status TEXT NOT NULL,
	revision BIGINT NOT NULL,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	lang TEXT NOT NULL,
	note TEXT NOT NULL,
	submitted_at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	answers BYTEA NOT NULL,
	PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX application_token ON application (account_id, token);

-- Every number that was ever given, to whom and for what. Its key is what keeps numbers unique.
CREATE TABLE number (
	number TEXT PRIMARY KEY,
	account_id BIGINT NOT NULL,
	application_id BIGINT NOT NULL
);

-- Serial numbers are taken from here in blocks.
CREATE TABLE number_series (
	name TEXT PRIMARY KEY,
	next BIGINT NOT NULL
);

-- Words of names and numbers, folded, for the search in one's own applications by their beginnings.
CREATE TABLE application_term (
	account_id BIGINT NOT NULL,
	term TEXT NOT NULL,
	application_id BIGINT NOT NULL,
	PRIMARY KEY (account_id, term, application_id)
);

-- What happened to an application, in order; never changed.
CREATE TABLE application_event (
	account_id BIGINT NOT NULL,
	application_id BIGINT NOT NULL,
	revision BIGINT NOT NULL,
	at BIGINT NOT NULL,
	event TEXT NOT NULL,
	status TEXT NOT NULL,
	actor_kind BIGINT NOT NULL,
	actor_id BIGINT NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (account_id, application_id, revision)
);
