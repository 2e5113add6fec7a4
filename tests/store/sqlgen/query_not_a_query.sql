-- expect 4:1: a query begins with SELECT, WITH, INSERT, UPDATE or DELETE
-- query draft_drop: exec
-- Why.
DROP TABLE draft;
