-- query id_tombstone_add: exec
-- Twice is once: the job may be repeated.
-- in: id_hash text, op text, state i64, error text, created_at i64, ended_at i64
INSERT INTO id_tombstone (id_hash, op, state, error, created_at, ended_at) VALUES ($id_hash, $op, $state, $error, $created_at, $ended_at)
ON CONFLICT DO NOTHING;

-- query id_tombstone_purge: exec
-- After a year.
-- in: before i64
DELETE FROM id_tombstone WHERE created_at < $before;
