-- People who have registered, and the ways in.

CREATE TABLE account (
	id BIGINT PRIMARY KEY,
	user_id TEXT NOT NULL,
	email TEXT NOT NULL,
	user_type TEXT NOT NULL,
	name TEXT NOT NULL,
	phone TEXT NOT NULL,
	postal_code TEXT NOT NULL,
	address TEXT NOT NULL,
	sex TEXT NOT NULL,
	birth_on BIGINT NOT NULL,
	org_name TEXT NOT NULL,
	lang TEXT NOT NULL,
	password_hash TEXT NOT NULL,
	password_at BIGINT NOT NULL,
	tries BIGINT NOT NULL,
	locked_until BIGINT NOT NULL,
	login_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_user_id ON account (user_id);
CREATE UNIQUE INDEX account_email ON account (email);

-- From the request for a link to the finished account. Of the link's token only the digest is kept; form is sealed.
CREATE TABLE registration (
	id BIGINT PRIMARY KEY,
	token_digest TEXT NOT NULL,
	email TEXT NOT NULL,
	lang TEXT NOT NULL,
	state BIGINT NOT NULL,
	form BYTEA NOT NULL,
	password_hash TEXT NOT NULL,
	account_id BIGINT NOT NULL,
	user_id TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX registration_token ON registration (token_digest);
CREATE INDEX registration_expires ON registration (expires_at);

CREATE TABLE session (
	id BIGINT PRIMARY KEY,
	token_digest TEXT NOT NULL,
	account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	created_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	last_login_at BIGINT NOT NULL,
	source TEXT NOT NULL,
	agent TEXT NOT NULL
);
CREATE UNIQUE INDEX session_token ON session (token_digest);
CREATE INDEX session_account ON session (account_id);

-- Links by mail to an account: a new password, the end of a lock. account_id 0: a link nobody was sent, made so that
-- asking for an unknown account costs what asking for a known one does.
CREATE TABLE link (
	id BIGINT PRIMARY KEY,
	purpose TEXT NOT NULL,
	token_digest TEXT NOT NULL,
	account_id BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX link_token ON link (token_digest);
CREATE INDEX link_account ON link (account_id);
CREATE INDEX link_expires ON link (expires_at);

-- How often: the time at which a key is used up no longer.
CREATE TABLE throttle (
	key TEXT PRIMARY KEY,
	free_at BIGINT NOT NULL
);
