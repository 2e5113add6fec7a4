-- expect 7:13: $idd is not declared in '-- in:'
-- query draft_find: one
-- Why.
-- in: id i64
-- out: body text
SELECT body FROM draft WHERE id = $id
	AND id <> $idd;
