-- expect 4:7: INTEGER is not used here: the types are BIGINT, TEXT and BYTEA
CREATE TABLE note (
	id BIGINT PRIMARY KEY,
	page INTEGER NOT NULL
);
