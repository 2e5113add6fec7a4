-- expect 4:8: 'default i64' is not NAME TYPE, …
-- query draft_find: one
-- Why.
-- in: default i64
-- out: body text
SELECT body FROM draft;
