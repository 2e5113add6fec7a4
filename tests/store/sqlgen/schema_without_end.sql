-- expect 2:39: the last statement does not end with ;
CREATE INDEX draft_body ON draft (body)
