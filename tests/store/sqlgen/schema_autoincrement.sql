-- expect 3:24: AUTOINCREMENT is not used here: ids come in as parameters
CREATE TABLE note (
	id BIGINT PRIMARY KEY AUTOINCREMENT
);
