-- expect 2:10: one of what writes needs RETURNING
-- query draft_delete: one
-- Why.
-- in: id i64
-- out: id i64
DELETE FROM draft WHERE id = $id;
