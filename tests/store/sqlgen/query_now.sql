-- expect 4:32: now is not used here: time comes in as a parameter
-- query draft_touch: exec
-- Why.
UPDATE draft SET account_id = (now()) WHERE id = 1;
