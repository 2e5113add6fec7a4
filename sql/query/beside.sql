-- Pictures beside files: kind 1 small, 2 the whole photo.

-- query beside_set: exec
-- The picture as it is now.
-- in: account_id i64, attachment_id i64, kind i64, kept text, size i64, digest text, width i64, height i64, cut_x i64, cut_y i64, cut_width i64, cut_height i64, advice i64
INSERT INTO attachment_beside (account_id, attachment_id, kind, kept, size, digest, width, height, cut_x, cut_y, cut_width, cut_height, advice)
VALUES ($account_id, $attachment_id, $kind, $kept, $size, $digest, $width, $height, $cut_x, $cut_y, $cut_width, $cut_height, $advice)
ON CONFLICT (account_id, attachment_id, kind) DO UPDATE SET kept = excluded.kept, size = excluded.size, digest = excluded.digest,
	width = excluded.width, height = excluded.height, cut_x = excluded.cut_x, cut_y = excluded.cut_y,
	cut_width = excluded.cut_width, cut_height = excluded.cut_height, advice = excluded.advice;

-- query beside_cut: exec
-- What is to be cut out of the whole photo from now on; what it was is remembered.
-- in: account_id i64, attachment_id i64, cut_x i64, cut_y i64, cut_width i64, cut_height i64
UPDATE attachment_beside SET was_x = cut_x, was_y = cut_y, was_width = cut_width, was_height = cut_height,
	cut_x = $cut_x, cut_y = $cut_y, cut_width = $cut_width, cut_height = $cut_height
WHERE account_id = $account_id AND attachment_id = $attachment_id AND kind = 2;

-- query beside_cut_back: exec
-- It could not be: what it was.
-- in: account_id i64, attachment_id i64
UPDATE attachment_beside SET cut_x = was_x, cut_y = was_y, cut_width = was_width, cut_height = was_height
WHERE account_id = $account_id AND attachment_id = $attachment_id AND kind = 2;

-- query beside_drop_one: exec
-- The blobs beside one file of a draft that goes, or is made anew.
-- in: account_id i64, draft_id i64, id i64, at i64
INSERT INTO attachment_drop (kept, account_id, at)
SELECT DISTINCT b.kept, b.account_id, $at FROM attachment_beside b JOIN attachment a ON a.account_id = b.account_id AND a.id = b.attachment_id
WHERE a.account_id = $account_id AND a.draft_id = $draft_id AND a.id = $id
ON CONFLICT DO NOTHING;

-- query beside_drop_draft: exec
-- The blobs beside all files that a draft still has.
-- in: account_id i64, draft_id i64, at i64
INSERT INTO attachment_drop (kept, account_id, at)
SELECT DISTINCT b.kept, b.account_id, $at FROM attachment_beside b JOIN attachment a ON a.account_id = b.account_id AND a.id = b.attachment_id
WHERE a.account_id = $account_id AND a.draft_id = $draft_id AND a.draft_id <> 0
ON CONFLICT DO NOTHING;

-- query beside_whole_drop: exec
-- The whole photos of a draft that is submitted: of them nothing goes along but what was cut out.
-- in: account_id i64, draft_id i64, at i64
INSERT INTO attachment_drop (kept, account_id, at)
SELECT DISTINCT b.kept, b.account_id, $at FROM attachment_beside b JOIN attachment a ON a.account_id = b.account_id AND a.id = b.attachment_id
WHERE a.account_id = $account_id AND a.draft_id = $draft_id AND a.draft_id <> 0 AND b.kind = 2
ON CONFLICT DO NOTHING;

-- query beside_whole_delete: exec
-- Their rows.
-- in: account_id i64, draft_id i64
DELETE FROM attachment_beside WHERE account_id = $account_id AND kind = 2
	AND attachment_id IN (SELECT a.id FROM attachment a WHERE a.account_id = $account_id AND a.draft_id = $draft_id AND a.draft_id <> 0);

-- query beside_lose: exec
-- All pictures beside the files of a draft.
-- in: account_id i64, draft_id i64
DELETE FROM attachment_beside WHERE account_id = $account_id
	AND attachment_id IN (SELECT a.id FROM attachment a WHERE a.account_id = $account_id AND a.draft_id = $draft_id AND a.draft_id <> 0);

-- query beside_kept_count: one
-- Whether a blob is wanted as one of them.
-- in: kept text
-- out: n i64
SELECT count(*) AS n FROM attachment_beside WHERE kept = $kept;

-- query beside_copy: exec
-- The pictures beside a file of an application, for its copy in the draft in which it is modified.
-- in: account_id i64, id i64, from_id i64
INSERT INTO attachment_beside (account_id, attachment_id, kind, kept, size, digest, width, height, cut_x, cut_y, cut_width, cut_height, advice)
SELECT account_id, $id, kind, kept, size, digest, width, height, cut_x, cut_y, cut_width, cut_height, advice
FROM attachment_beside WHERE account_id = $account_id AND attachment_id = $from_id;

-- query beside_drop_application: exec
-- The blobs beside an application's files before it was modified.
-- in: account_id i64, application_id i64, at i64
INSERT INTO attachment_drop (kept, account_id, at)
SELECT DISTINCT b.kept, b.account_id, $at FROM attachment_beside b JOIN attachment a ON a.account_id = b.account_id AND a.id = b.attachment_id
WHERE a.account_id = $account_id AND a.application_id = $application_id AND a.application_id <> 0
ON CONFLICT DO NOTHING;

-- query beside_kept_after: many
-- Pictures beside the files of everybody, from behind the one file to the other.
-- in: account_id i64, id i64, last_account_id i64, last_id i64
-- out: account_id i64, attachment_id i64, kept text, size i64, digest text
SELECT account_id, attachment_id, kept, size, digest FROM attachment_beside
WHERE (account_id, attachment_id) > ($account_id, $id) AND (account_id, attachment_id) <= ($last_account_id, $last_id) AND kept <> ''
ORDER BY account_id, attachment_id, kind;
