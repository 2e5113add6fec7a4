-- expect 5:8: json_extract is not used here: the engines have different JSON functions
-- query draft_title: many
-- Why.
-- out: title text
SELECT json_extract(body, '$.title') AS title FROM draft ORDER BY id;
