-- expect 4:32: there is no NULL here: '' and 0 stand for "not given"
-- query draft_clear: exec
-- Why.
UPDATE draft SET account_id = (NULL);
