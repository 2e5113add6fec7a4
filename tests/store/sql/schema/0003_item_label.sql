-- A column that is filled from another, and a row that is there from the beginning.
ALTER TABLE item ADD COLUMN label TEXT NOT NULL DEFAULT '';
UPDATE item SET label = name;
INSERT INTO counter (id, value) VALUES (1, 0);
