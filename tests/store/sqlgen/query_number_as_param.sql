-- expect 5:31: parameters have names: $id, not $1
-- query draft_delete: exec
-- Why.
-- in: id i64
DELETE FROM draft WHERE id <> $1;
