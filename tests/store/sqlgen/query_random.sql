-- expect 4:32: random is not used here: random numbers come in as parameters
-- query draft_touch: exec
-- Why.
UPDATE draft SET account_id = (random());
