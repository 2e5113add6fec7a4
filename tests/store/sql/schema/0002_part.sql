CREATE TABLE part (
	id BIGINT PRIMARY KEY,
	item_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	note TEXT NOT NULL CHECK (length(note) < 1000)
);
CREATE INDEX part_item ON part (item_id, id);
