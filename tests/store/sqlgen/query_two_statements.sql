-- expect 6:1: more than one statement in a query
-- query draft_delete: exec
-- Why.
-- in: id i64
DELETE FROM draft WHERE id = $id;
DELETE FROM draft WHERE id = $id;
