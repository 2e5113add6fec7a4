-- query throttle_take: exec
-- The generic cell rate algorithm in one statement: free_at moves on by one interval from now or from where it was, whichever is
-- later, unless that would lie after `latest`. No change: refused.
-- in: key text, now i64, every i64, latest i64
INSERT INTO throttle (key, free_at) VALUES ($key, $now + $every)
ON CONFLICT (key) DO UPDATE
SET free_at = CASE WHEN throttle.free_at > $now THEN throttle.free_at ELSE $now END + $every
WHERE CASE WHEN throttle.free_at > $now THEN throttle.free_at ELSE $now END + $every <= $latest;

-- query throttle_purge: exec
-- A key that is free again is as good as none.
-- in: now i64
DELETE FROM throttle WHERE free_at < $now;
