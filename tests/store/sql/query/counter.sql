-- query counter_next: one
-- The row is locked by the UPDATE, so everyone gets a number of his own.
-- in: id i64
-- out: value i64
UPDATE counter SET value = value + 1 WHERE id = $id RETURNING value;

-- query counter_find: one
-- To look at it without changing it.
-- in: id i64
-- out: value i64
SELECT value FROM counter WHERE id = $id;

-- query counter_insert: exec
-- Another row to lock.
-- in: id i64, value i64
INSERT INTO counter (id, value) VALUES ($id, $value);
