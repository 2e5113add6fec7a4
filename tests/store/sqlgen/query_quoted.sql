-- expect 6:24: " is not used here: names are plain lower-case words, without quotes
-- query draft_find: one
-- Why.
-- in: id i64
-- out: body text
SELECT body FROM draft "d" WHERE id = $id;
