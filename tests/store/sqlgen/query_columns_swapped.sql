-- expect 5:9: column 1 of the answer is 'photo', but declared as 'body'
-- query draft_find: one
-- Why.
-- in: id i64
-- out: body text
SELECT photo FROM draft WHERE id = $id;
