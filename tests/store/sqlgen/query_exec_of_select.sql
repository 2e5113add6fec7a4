-- expect 2:10: exec is for INSERT, UPDATE and DELETE without RETURNING and out:
-- query draft_list: exec
-- Why.
SELECT id FROM draft ORDER BY id;
