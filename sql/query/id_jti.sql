-- query id_jti_add: exec
-- No change: the message has been here. One that is over may come again.
-- in: key text, body text, nothing blob, until_at i64, now i64
INSERT INTO id_jti (key, body, answer, until_at) VALUES ($key, $body, $nothing, $until_at)
ON CONFLICT (key) DO UPDATE SET body = $body, answer = $nothing, until_at = $until_at WHERE id_jti.until_at <= $now;

-- query id_jti_find: one
-- What it was answered; empty: not yet.
-- in: key text
-- out: body text, answer blob
SELECT body, answer FROM id_jti WHERE key = $key;

-- query id_jti_answer: exec
-- Once.
-- in: key text, answer blob
UPDATE id_jti SET answer = $answer WHERE key = $key AND length(answer) = 0;

-- query id_jti_purge: exec
-- Their messages are too old to be taken by their own time.
-- in: now i64
DELETE FROM id_jti WHERE until_at < $now;
