-- expect 1:1: column page of table note must be NOT NULL
CREATE TABLE note (
	id BIGINT PRIMARY KEY,
	page BIGINT
);
