-- Every page asks for the window that begins first; past ones are few.
DROP INDEX maintenance_ends;
CREATE INDEX maintenance_order ON maintenance (starts_at, id);
