-- query draft_insert: exec
-- The number of an account's drafts is checked in the statement, as far as that is possible without a lock: two at the same moment may be one too many.
-- in: account_id i64, id i64, procedure text, version text, token text, at i64, keep_until i64, answers blob, most i64
INSERT INTO draft (account_id, id, procedure, version, revision, token, visited, created_at, saved_at, keep_until, told, answers)
SELECT $account_id, $id, $procedure, $version, 1, $token, '', $at, $at, $keep_until, 0, $answers
WHERE (SELECT count(*) FROM draft WHERE account_id = $account_id) < $most;

-- query draft_list: many
-- A person's own; never more than LIMIT_DRAFTS_WITH_RETURNED.
-- in: account_id i64
-- out: id i64, procedure text, version text, revision i64, token text, visited text, created_at i64, saved_at i64
SELECT id, procedure, version, revision, token, visited, created_at, saved_at
FROM draft WHERE account_id = $account_id ORDER BY saved_at DESC, id DESC;

-- query draft_find: one
-- The account is part of the key, so nobody reads the draft of another.
-- in: account_id i64, id i64
-- out: procedure text, version text, revision i64, token text, visited text, created_at i64, saved_at i64, files i64, files_key blob, application_id i64, answers blob
SELECT procedure, version, revision, token, visited, created_at, saved_at, files, files_key, application_id, answers
FROM draft WHERE account_id = $account_id AND id = $id;

-- query draft_save: exec
-- The revision that the merged answers were made from is in the condition: no change means that another save came first, and the merge is made anew.
-- in: account_id i64, id i64, revision_before i64, version text, visited text, saved_at i64, keep_until i64, answers blob
UPDATE draft SET revision = revision + 1, version = $version, visited = $visited, saved_at = $saved_at, keep_until = $keep_until, told = 0, answers = $answers
WHERE account_id = $account_id AND id = $id AND revision = $revision_before;

-- query draft_delete: exec
-- Asked for by its owner.
-- in: account_id i64, id i64
DELETE FROM draft WHERE account_id = $account_id AND id = $id;

-- query draft_take: exec
-- The first statement of a submission: of two at the same moment one gets the draft, and only as it was when its answers were checked.
-- in: account_id i64, id i64, revision i64, files i64
DELETE FROM draft WHERE account_id = $account_id AND id = $id AND revision = $revision AND files = $files;

-- query draft_files_touch: exec
-- The first statement of whoever changes a draft's files: all of them pass here one after the other. A file is a sign of life like a save.
-- in: account_id i64, id i64, at i64, keep_until i64
UPDATE draft SET files = files + 1, saved_at = $at, keep_until = $keep_until, told = 0 WHERE account_id = $account_id AND id = $id;

-- query draft_files_key: exec
-- Of two that make a key at the same moment the first one counts.
-- in: account_id i64, id i64, key blob
UPDATE draft SET files_key = $key WHERE account_id = $account_id AND id = $id AND length(files_key) = 0;

-- query draft_purge: many
-- Drafts that nobody has saved for long, a lot at a time; on the date their keep_until has passed. The inner SELECT chooses, the outer
-- condition decides: one that is saved at this moment stays. Their files are the caller's.
-- in: today i64, most i64
-- out: account_id i64, id i64
DELETE FROM draft WHERE keep_until < $today AND (account_id, id) IN
	(SELECT d.account_id, d.id FROM draft d WHERE d.keep_until < $today ORDER BY d.keep_until LIMIT $most)
RETURNING account_id, id;

-- query draft_expiring: many
-- Drafts that will be deleted by that date and whose owners have not been told so for as few days; with whom to tell.
-- in: today i64, until i64, days i64, most i64
-- out: account_id i64, id i64, procedure text, keep_until i64, email text, lang text
SELECT d.account_id, d.id, d.procedure, d.keep_until, a.email, a.lang
FROM draft d JOIN account a ON a.id = d.account_id
WHERE d.keep_until >= $today AND d.keep_until <= $until AND (d.told = 0 OR d.told > $days)
ORDER BY d.keep_until, d.account_id, d.id LIMIT $most;

-- query draft_told: exec
-- keep_until in the condition: a save in between has moved the date, and then there is nothing to tell.
-- in: account_id i64, id i64, keep_until i64, days i64
UPDATE draft SET told = $days WHERE account_id = $account_id AND id = $id AND keep_until = $keep_until AND (told = 0 OR told > $days);

-- query draft_of_application: one
-- The one in which that application is modified, if there is: application_pass comes before, and a unique index is behind it. 0: none yet.
-- in: account_id i64, application_id i64
-- out: id i64
SELECT COALESCE(MAX(id), 0) AS id FROM draft WHERE account_id = $account_id AND application_id = $application_id AND application_id <> 0;

-- query draft_amends: exec
-- A new draft is there to modify that application.
-- in: account_id i64, id i64, application_id i64, files_key blob
UPDATE draft SET application_id = $application_id, files_key = $files_key WHERE account_id = $account_id AND id = $id;

-- query draft_last: one
-- As application_last.
-- out: account_id i64, id i64, answers blob
SELECT account_id, id, answers FROM draft ORDER BY id DESC LIMIT 1;

-- query draft_files_last: one
-- As application_files_last.
-- out: account_id i64, files_key blob
SELECT account_id, files_key FROM draft WHERE length(files_key) > 0 ORDER BY id DESC LIMIT 1;

-- query draft_keys_after: many
-- Drafts with a key of their files, of everybody, from one place on.
-- in: account_id i64, id i64
-- out: account_id i64, id i64, files_key blob
SELECT account_id, id, files_key FROM draft WHERE (account_id, id) > ($account_id, $id) AND length(files_key) > 0 ORDER BY account_id, id LIMIT 500;

-- query draft_key_lost: exec
-- What was sealed with it is lost, which is a change of its files. Nobody has shown a sign of life.
-- in: account_id i64, id i64, nothing blob
UPDATE draft SET files_key = $nothing, files = files + 1 WHERE account_id = $account_id AND id = $id;
