-- query audit_head_lock: one
-- First the row is changed, which locks it, and then its hash is good until the end of the transaction. `number`: of the last of that many entries.
-- in: lane i64, entries i64
-- out: number i64, hash blob
UPDATE audit_head SET number = number + $entries WHERE lane = $lane RETURNING number, hash;

-- query audit_head_set: exec
-- After the entry.
-- in: lane i64, hash blob
UPDATE audit_head SET hash = $hash WHERE lane = $lane;

-- query audit_head_list: many
-- Where each chain ends.
-- out: lane i64, number i64, hash blob
SELECT lane, number, hash FROM audit_head ORDER BY lane;
