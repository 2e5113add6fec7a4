-- expect 4:13: no such table: drafts
-- query draft_delete: exec
-- Why.
DELETE FROM drafts WHERE 1 = 1;
