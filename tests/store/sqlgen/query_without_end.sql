-- expect 7:14: the statement does not end with ;
-- query draft_find: one
-- Why.
-- in: id i64
-- out: body text
SELECT body FROM draft
	WHERE id = $id
