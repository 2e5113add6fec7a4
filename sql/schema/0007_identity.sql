-- Proving who one is: transactions, links between accounts and cards, what was read from them.

-- app: thumbprint of app_key, a public JWK. held, result: sealed. code: a keyed digest. left_at: when the browser went on. bad_claims: wrong secrets that were tried.
CREATE TABLE id_tx (
	id TEXT PRIMARY KEY,
	adapter TEXT NOT NULL,
	op TEXT NOT NULL,
	purpose TEXT NOT NULL,
	account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	session_id BIGINT NOT NULL,
	draft_id BIGINT NOT NULL,
	chain TEXT NOT NULL,
	state BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	error TEXT NOT NULL,
	bindback BIGINT NOT NULL,
	confirmed BIGINT NOT NULL,
	code TEXT NOT NULL,
	tries_left BIGINT NOT NULL,
	app TEXT NOT NULL,
	app_key TEXT NOT NULL,
	phone_label TEXT NOT NULL,
	phone_event BIGINT NOT NULL,
	phone_tries BIGINT NOT NULL,
	bad_claims BIGINT NOT NULL,
	browser TEXT NOT NULL,
	next TEXT NOT NULL,
	held BYTEA NOT NULL,
	result BYTEA NOT NULL,
	evidence TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	total_until BIGINT NOT NULL,
	left_at BIGINT NOT NULL
);
CREATE INDEX id_tx_account ON id_tx (account_id, created_at);
CREATE INDEX id_tx_session ON id_tx (session_id, created_at);
CREATE INDEX id_tx_created ON id_tx (created_at);
-- Those that are open, for the job that ends them: states before done (5).
CREATE INDEX id_tx_open ON id_tx (expires_at) WHERE state < 5;

CREATE TABLE id_tombstone (
	id_hash TEXT PRIMARY KEY,
	op TEXT NOT NULL,
	state BIGINT NOT NULL,
	error TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	ended_at BIGINT NOT NULL
);
CREATE INDEX id_tombstone_created ON id_tombstone (created_at);

-- Messages of apps, so that none is taken twice. answer: sealed; empty: not yet.
CREATE TABLE id_jti (
	key TEXT PRIMARY KEY,
	body TEXT NOT NULL,
	answer BYTEA NOT NULL,
	until_at BIGINT NOT NULL
);
CREATE INDEX id_jti_until ON id_jti (until_at);

-- unlinked_at 0: in force. certificate: sealed; the one for user authentication, to ask later whether it is still valid.
CREATE TABLE card_link (
	id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL REFERENCES account (id),
	adapter TEXT NOT NULL,
	subject TEXT NOT NULL,
	issuer TEXT NOT NULL,
	issuer_key TEXT NOT NULL,
	cert_serial TEXT NOT NULL,
	spki TEXT NOT NULL,
	cert TEXT NOT NULL,
	certificate BYTEA NOT NULL,
	not_after BIGINT NOT NULL,
	linked_at BIGINT NOT NULL,
	unlinked_at BIGINT NOT NULL,
	unlinked_why TEXT NOT NULL
);
CREATE UNIQUE INDEX card_link_subject ON card_link (subject) WHERE unlinked_at = 0;
CREATE UNIQUE INDEX card_link_in_force ON card_link (account_id, adapter) WHERE unlinked_at = 0;
CREATE INDEX card_link_account ON card_link (account_id);

-- The four items, sealed, of a draft or (draft_id 0) of a renewed link; after the submission of the application.
CREATE TABLE basic4 (
	id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	draft_id BIGINT NOT NULL,
	application_id BIGINT NOT NULL,
	items BYTEA NOT NULL,
	source TEXT NOT NULL,
	serial_hash TEXT NOT NULL,
	read_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX basic4_of ON basic4 (account_id, draft_id, application_id);
CREATE INDEX basic4_read ON basic4 (read_at) WHERE application_id = 0;
