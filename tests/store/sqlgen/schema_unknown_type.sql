-- expect 2:1: unknown datatype for note.page: "NUMBER"
CREATE TABLE note (
	id BIGINT PRIMARY KEY,
	page NUMBER NOT NULL
);
