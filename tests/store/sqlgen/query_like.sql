-- expect 7:12: LIKE is not used here: compare a normalised column, or a range
-- query draft_search: many
-- Why.
-- in: text text
-- out: id i64
SELECT id FROM draft
WHERE body LIKE $text
ORDER BY id;
