-- query application_insert: exec
-- The token is unique in its account: a second press inserts nothing.
-- in: account_id i64, id i64, token text, reference text, temporary_no text, procedure text, version text, office text, user_type text
-- in: status text, name text, email text, lang text, at i64, files_key blob, answers blob
INSERT INTO application (account_id, id, token, reference, temporary_no, procedure, version, office, user_type, status, revision,
	name, email, lang, note, submitted_at, changed_at, files_key, answers)
VALUES ($account_id, $id, $token, $reference, $temporary_no, $procedure, $version, $office, $user_type, $status, 1,
	$name, $email, $lang, '', $at, $at, $files_key, $answers)
ON CONFLICT (account_id, token) DO NOTHING;

-- query application_by_token: one
-- The receipt of a draft that is gone: the one that it came of.
-- in: account_id i64, token text
-- out: id i64, reference text, temporary_no text, procedure text, office text, name text, email text, status text, submitted_at i64
SELECT id, reference, temporary_no, procedure, office, name, email, status, submitted_at
FROM application WHERE account_id = $account_id AND token = $token;

-- query application_by_again: one
-- The receipt of a draft that is gone, in which an application was modified: of the entry that it made in the history.
-- in: account_id i64, token text
-- out: as application_by_token
SELECT a.id, a.reference, a.temporary_no, a.procedure, a.office, a.name, a.email, a.status, a.submitted_at
FROM application_event e JOIN application a ON a.account_id = e.account_id AND a.id = e.application_id
WHERE e.account_id = $account_id AND e.token = $token AND e.token <> '';

-- query application_by_number: one
-- By any of its numbers; who may see it is decided by the caller from account_id.
-- in: number text
-- out: account_id i64, id i64, reference text, temporary_no text, procedure text, version text, office text, user_type text, status text
-- out: revision i64, name text, email text, note text, submitted_at i64, changed_at i64, answers blob
SELECT a.account_id, a.id, a.reference, a.temporary_no, a.procedure, a.version, a.office, a.user_type, a.status,
	a.revision, a.name, a.email, a.note, a.submitted_at, a.changed_at, a.answers
FROM number n JOIN application a ON a.account_id = n.account_id AND a.id = n.application_id
WHERE n.number = $number;

-- query application_change: exec
-- One step of the life cycle; the status it was decided from is in the condition, by its revision.
-- in: account_id i64, id i64, revision_before i64, status text, note text, at i64
UPDATE application SET status = $status, revision = revision + 1, note = $note, changed_at = $at
WHERE account_id = $account_id AND id = $id AND revision = $revision_before;

-- query application_pass: exec
-- Changes nothing: whoever is about to do what only one may do to an application as it stands waits here for the others, and sees what they did.
-- in: account_id i64, id i64, revision i64
UPDATE application SET revision = $revision WHERE account_id = $account_id AND id = $id AND revision = $revision;

-- query application_list_new: many
-- One's own, the newest first. Ids rise with time, so the primary key is the order and from_id … until_id the range of dates.
-- An empty procedure1 asks for any.
-- in: account_id i64, from_id i64, until_id i64, procedure1 text, procedure2 text, procedure3 text, procedure4 text, procedure5 text
-- in: procedure6 text, procedure7 text, procedure8 text, procedure9 text, procedure10 text, procedure11 text, procedure12 text
-- in: most i64, skip i64
-- out: reference text, temporary_no text, name text, procedure text, status text, submitted_at i64, changed_at i64
SELECT reference, temporary_no, name, procedure, status, submitted_at, changed_at
FROM application
WHERE account_id = $account_id AND id >= $from_id AND id < $until_id
AND ($procedure1 = '' OR procedure IN ($procedure1, $procedure2, $procedure3, $procedure4, $procedure5, $procedure6,
	$procedure7, $procedure8, $procedure9, $procedure10, $procedure11, $procedure12))
ORDER BY id DESC LIMIT $most OFFSET $skip;

-- query application_list_old: many
-- The same, the oldest first.
-- in: account_id i64, from_id i64, until_id i64, procedure1 text, procedure2 text, procedure3 text, procedure4 text, procedure5 text
-- in: procedure6 text, procedure7 text, procedure8 text, procedure9 text, procedure10 text, procedure11 text, procedure12 text
-- in: most i64, skip i64
-- out: as application_list_new
SELECT reference, temporary_no, name, procedure, status, submitted_at, changed_at
FROM application
WHERE account_id = $account_id AND id >= $from_id AND id < $until_id
AND ($procedure1 = '' OR procedure IN ($procedure1, $procedure2, $procedure3, $procedure4, $procedure5, $procedure6,
	$procedure7, $procedure8, $procedure9, $procedure10, $procedure11, $procedure12))
ORDER BY id LIMIT $most OFFSET $skip;

-- query application_count: one
-- How many fit, for the pager.
-- in: account_id i64, from_id i64, until_id i64, procedure1 text, procedure2 text, procedure3 text, procedure4 text, procedure5 text
-- in: procedure6 text, procedure7 text, procedure8 text, procedure9 text, procedure10 text, procedure11 text, procedure12 text
-- out: n i64
SELECT count(*) AS n
FROM application
WHERE account_id = $account_id AND id >= $from_id AND id < $until_id
AND ($procedure1 = '' OR procedure IN ($procedure1, $procedure2, $procedure3, $procedure4, $procedure5, $procedure6,
	$procedure7, $procedure8, $procedure9, $procedure10, $procedure11, $procedure12));

-- query application_search: many
-- Those that the words fit: a term begins with each, word ≤ term < word_end; word2 to word4 may be empty. Not one question with the list:
-- the first word leads through the index of terms, and where there is none nothing should. direction 1: the newest first; -1: the oldest.
-- in: account_id i64, from_id i64, until_id i64, procedure1 text, procedure2 text, procedure3 text, procedure4 text, procedure5 text
-- in: procedure6 text, procedure7 text, procedure8 text, procedure9 text, procedure10 text, procedure11 text, procedure12 text
-- in: word1 text, word1_end text, word2 text, word2_end text, word3 text, word3_end text, word4 text, word4_end text
-- in: direction i64, most i64, skip i64
-- out: as application_list_new
SELECT reference, temporary_no, name, procedure, status, submitted_at, changed_at
FROM application
WHERE account_id = $account_id AND id >= $from_id AND id < $until_id
AND id IN (SELECT application_id FROM application_term
	WHERE account_id = $account_id AND term >= $word1 AND term < $word1_end)
AND ($word2 = '' OR id IN (SELECT application_id FROM application_term
	WHERE account_id = $account_id AND term >= $word2 AND term < $word2_end))
AND ($word3 = '' OR id IN (SELECT application_id FROM application_term
	WHERE account_id = $account_id AND term >= $word3 AND term < $word3_end))
AND ($word4 = '' OR id IN (SELECT application_id FROM application_term
	WHERE account_id = $account_id AND term >= $word4 AND term < $word4_end))
AND ($procedure1 = '' OR procedure IN ($procedure1, $procedure2, $procedure3, $procedure4, $procedure5, $procedure6,
	$procedure7, $procedure8, $procedure9, $procedure10, $procedure11, $procedure12))
ORDER BY id * $direction DESC LIMIT $most OFFSET $skip;

-- query application_search_count: one
-- How many fit, for the pager.
-- in: account_id i64, from_id i64, until_id i64, procedure1 text, procedure2 text, procedure3 text, procedure4 text, procedure5 text
-- in: procedure6 text, procedure7 text, procedure8 text, procedure9 text, procedure10 text, procedure11 text, procedure12 text
-- in: word1 text, word1_end text, word2 text, word2_end text, word3 text, word3_end text, word4 text, word4_end text
-- out: n i64
SELECT count(*) AS n
FROM application
WHERE account_id = $account_id AND id >= $from_id AND id < $until_id
AND id IN (SELECT application_id FROM application_term
	WHERE account_id = $account_id AND term >= $word1 AND term < $word1_end)
AND ($word2 = '' OR id IN (SELECT application_id FROM application_term
	WHERE account_id = $account_id AND term >= $word2 AND term < $word2_end))
AND ($word3 = '' OR id IN (SELECT application_id FROM application_term
	WHERE account_id = $account_id AND term >= $word3 AND term < $word3_end))
AND ($word4 = '' OR id IN (SELECT application_id FROM application_term
	WHERE account_id = $account_id AND term >= $word4 AND term < $word4_end))
AND ($procedure1 = '' OR procedure IN ($procedure1, $procedure2, $procedure3, $procedure4, $procedure5, $procedure6,
	$procedure7, $procedure8, $procedure9, $procedure10, $procedure11, $procedure12));

-- query application_files_key: one
-- What its attachments are sealed with.
-- in: account_id i64, id i64
-- out: files_key blob
SELECT files_key FROM application WHERE account_id = $account_id AND id = $id;

-- query application_amend: exec
-- Submitted again: what was modified, out of what there was at that revision, with the version that asks so. The step to another status is another query's.
-- in: account_id i64, id i64, revision i64, version text, office text, name text, email text, answers blob
UPDATE application SET version = $version, office = $office, name = $name, email = $email, answers = $answers
WHERE account_id = $account_id AND id = $id AND revision = $revision;

-- query application_files_key_set: exec
-- Files came with the modification of one that had none.
-- in: account_id i64, id i64, files_key blob
UPDATE application SET files_key = $files_key WHERE account_id = $account_id AND id = $id;

-- query application_by_id: one
-- Whose draft this is: of one that is modified.
-- in: account_id i64, id i64
-- out: reference text, lang text, files_key blob, answers blob
SELECT reference, lang, files_key, answers FROM application WHERE account_id = $account_id AND id = $id;

-- query application_all_own: many
-- All applications of an account, the newest first.
-- in: account_id i64
-- out: procedure text, status text
SELECT procedure, status FROM application WHERE account_id = $account_id ORDER BY id DESC;

-- query application_last: one
-- The one that came last, for the first start with a key that the database does not know yet. Walks the table, once.
-- out: account_id i64, id i64, answers blob
SELECT account_id, id, answers FROM application ORDER BY id DESC LIMIT 1;

-- query application_files_last: one
-- The same of those that have files.
-- out: account_id i64, files_key blob
SELECT account_id, files_key FROM application WHERE length(files_key) > 0 ORDER BY id DESC LIMIT 1;
