-- query notice_list: many
-- Those that are out, the newest first.
-- in: now i64, most i64, skip i64
-- out: id i64, published_at i64, until_at i64, title_ja text, title_en text, body_ja text, body_en text
SELECT id, published_at, until_at, title_ja, title_en, body_ja, body_en
FROM notice WHERE published_at <= $now AND (until_at = 0 OR until_at > $now)
ORDER BY published_at DESC, id DESC LIMIT $most OFFSET $skip;

-- query notice_count: one
-- For the pager.
-- in: now i64
-- out: n i64
SELECT count(*) AS n FROM notice WHERE published_at <= $now AND (until_at = 0 OR until_at > $now);

-- query notice_find: one
-- Also one that is no longer listed: links to it stay good. Not one that is not out yet.
-- in: id i64, now i64
-- out: published_at i64, until_at i64, title_ja text, title_en text, body_ja text, body_en text
SELECT published_at, until_at, title_ja, title_en, body_ja, body_en FROM notice WHERE id = $id AND published_at <= $now;

-- query notice_all: many
-- For the operator: those that are over and those that are not out yet too.
-- in: most i64
-- out: id i64, published_at i64, until_at i64, title_ja text, title_en text
SELECT id, published_at, until_at, title_ja, title_en FROM notice ORDER BY published_at DESC, id DESC LIMIT $most;

-- query notice_insert: exec
-- Written by the operator.
-- in: id i64, published_at i64, until_at i64, title_ja text, title_en text, body_ja text, body_en text
INSERT INTO notice (id, published_at, until_at, title_ja, title_en, body_ja, body_en)
VALUES ($id, $published_at, $until_at, $title_ja, $title_en, $body_ja, $body_en);

-- query notice_delete: exec
-- Taken back by the operator.
-- in: id i64
DELETE FROM notice WHERE id = $id;
