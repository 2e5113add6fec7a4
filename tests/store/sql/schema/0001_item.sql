-- A small schema that has one of everything; only the tests of the store use it.
CREATE TABLE item (
	id BIGINT PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	body BYTEA NOT NULL DEFAULT '',
	amount BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE counter (
	id BIGINT PRIMARY KEY,
	value BIGINT NOT NULL
);
