-- The chains of what happened. A lane's head says where it ends, and is the one row that its writers queue on.

CREATE TABLE audit_entry (
	lane BIGINT NOT NULL,
	number BIGINT NOT NULL,
	at BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	actor_kind BIGINT NOT NULL,
	actor_id BIGINT NOT NULL,
	event TEXT NOT NULL,
	object TEXT NOT NULL,
	object_id BIGINT NOT NULL,
	detail TEXT NOT NULL,
	hash BYTEA NOT NULL,
	PRIMARY KEY (lane, number)
);

CREATE TABLE audit_head (
	lane BIGINT PRIMARY KEY,
	number BIGINT NOT NULL,
	hash BYTEA NOT NULL DEFAULT ''
);
INSERT INTO audit_head (lane, number) VALUES
	(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0),
	(8, 0), (9, 0), (10, 0), (11, 0), (12, 0), (13, 0), (14, 0), (15, 0);
