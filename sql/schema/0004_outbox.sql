-- Work for later: mails, and other jobs. A row is due when next_at has come; who takes it moves next_at to the end of its
-- lease, so a lease that runs out makes the row due again by itself, and one index serves both.

CREATE TABLE outbox (
	id BIGINT PRIMARY KEY,
	account_id BIGINT NOT NULL,
	recipient TEXT NOT NULL,
	template TEXT NOT NULL,
	locale TEXT NOT NULL,
	payload BYTEA NOT NULL,
	state BIGINT NOT NULL,
	attempts BIGINT NOT NULL,
	next_at BIGINT NOT NULL,
	lease_owner TEXT NOT NULL,
	last_error TEXT NOT NULL,
	message_id TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	ended_at BIGINT NOT NULL
);
CREATE INDEX outbox_due ON outbox (next_at, id) WHERE state = 0;
-- A person's mails go out in their order.
CREATE INDEX outbox_recipient ON outbox (recipient, id) WHERE state = 0;
CREATE INDEX outbox_ended ON outbox (ended_at) WHERE state <> 0;

-- name: at most one job of a kind and name waits or runs.
CREATE TABLE job (
	id BIGINT PRIMARY KEY,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	payload TEXT NOT NULL,
	state BIGINT NOT NULL,
	attempts BIGINT NOT NULL,
	next_at BIGINT NOT NULL,
	lease_owner TEXT NOT NULL,
	last_error TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	ended_at BIGINT NOT NULL
);
CREATE INDEX job_due ON job (next_at, id) WHERE state = 0;
CREATE UNIQUE INDEX job_waiting ON job (kind, name) WHERE state = 0;
CREATE INDEX job_ended ON job (ended_at) WHERE state <> 0;
