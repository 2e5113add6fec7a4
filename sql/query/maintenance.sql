-- query maintenance_find: one
-- The window that is told now: it runs, or it is announced and lies ahead.
-- in: now i64
-- out: announced_at i64, starts_at i64, ends_at i64, words_ja text, words_en text
SELECT announced_at, starts_at, ends_at, words_ja, words_en
FROM maintenance WHERE announced_at <= $now AND ends_at > $now ORDER BY starts_at, id LIMIT 1;

-- query maintenance_list: many
-- For the operator: all that are not over, those that are not announced yet too.
-- in: now i64, most i64
-- out: as maintenance_find
SELECT announced_at, starts_at, ends_at, words_ja, words_en FROM maintenance WHERE ends_at > $now ORDER BY starts_at, id LIMIT $most;

-- query maintenance_insert: exec
-- Announced by the operator.
-- in: id i64, announced_at i64, starts_at i64, ends_at i64, words_ja text, words_en text
INSERT INTO maintenance (id, announced_at, starts_at, ends_at, words_ja, words_en)
VALUES ($id, $announced_at, $starts_at, $ends_at, $words_ja, $words_en);

-- query maintenance_clear: exec
-- All windows that are not over: taken back, or ended early.
-- in: now i64
DELETE FROM maintenance WHERE ends_at > $now;
