-- query attachment_drop_one: exec
-- The blob of one file of a draft that goes.
-- in: account_id i64, draft_id i64, id i64, at i64
INSERT INTO attachment_drop (kept, account_id, at)
SELECT kept, account_id, $at FROM attachment WHERE account_id = $account_id AND draft_id = $draft_id AND id = $id AND kept <> ''
ON CONFLICT DO NOTHING;

-- query attachment_drop_draft: exec
-- The blobs of all that a draft still has.
-- in: account_id i64, draft_id i64, at i64
INSERT INTO attachment_drop (kept, account_id, at)
SELECT DISTINCT kept, account_id, $at FROM attachment WHERE account_id = $account_id AND draft_id = $draft_id AND draft_id <> 0 AND kept <> ''
ON CONFLICT DO NOTHING;

-- query attachment_drop_list: many
-- Those that have waited for longer than any transaction takes.
-- in: before i64, most i64
-- out: kept text, account_id i64
SELECT kept, account_id FROM attachment_drop WHERE at < $before ORDER BY at, kept LIMIT $most;

-- query attachment_drop_claim: exec
-- Nobody names it, and nobody of this account is just about to: then it may be deleted.
-- in: kept text, account_id i64
DELETE FROM attachment_drop WHERE kept = $kept
	AND NOT EXISTS (SELECT 1 FROM attachment WHERE account_id = $account_id AND (attachment.kept = $kept OR attachment.state = 2))
	AND NOT EXISTS (SELECT 1 FROM attachment_beside b WHERE b.kept = $kept);

-- query attachment_drop_forget: exec
-- It is named again.
-- in: kept text
DELETE FROM attachment_drop WHERE kept = $kept AND (EXISTS (SELECT 1 FROM attachment WHERE attachment.kept = $kept)
	OR EXISTS (SELECT 1 FROM attachment_beside b WHERE b.kept = $kept));

-- query attachment_drop_application: exec
-- The blobs of an application's files before it was modified. Those that are named again are forgotten when their time comes.
-- in: account_id i64, application_id i64, at i64
INSERT INTO attachment_drop (kept, account_id, at)
SELECT DISTINCT kept, account_id, $at FROM attachment WHERE account_id = $account_id AND application_id = $application_id AND application_id <> 0 AND kept <> ''
ON CONFLICT DO NOTHING;
