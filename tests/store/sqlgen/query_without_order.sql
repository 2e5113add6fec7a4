-- expect 2:10: many needs ORDER BY: the engines have different orders without it
-- query draft_list: many
-- Why.
-- out: id i64
SELECT id FROM draft;
