-- States as enum attachment_state: 1 uploading, 2 checking, 3 ok, 4 problem, 5 not needed. Whoever changes the files of a draft has passed draft_files_touch.

-- query attachment_list: many
-- Of a draft, in the order in which they came, each once for each picture beside it (kind 0: there is none); the procedure's ceilings hold
-- their number.
-- in: account_id i64, draft_id i64
-- out: id i64, application_id i64, document text, state i64, reason text, detail i64, name blob, size i64, arrived i64, digest text, kept text,
-- out: kept_size i64, kept_digest text, pages i64, width i64, height i64, resumable i64, created_at i64, changed_at i64, until_at i64, page i64, begun i64, active i64,
-- out: beside_kind i64, beside_kept text, beside_size i64, beside_digest text, beside_width i64, beside_height i64, cut_x i64, cut_y i64,
-- out: cut_width i64, cut_height i64, advice i64
SELECT a.id, a.application_id, a.document, a.state, a.reason, a.detail, a.name, a.size, a.arrived, a.digest, a.kept, a.kept_size, a.kept_digest,
	a.pages, a.width, a.height, a.resumable, a.created_at, a.changed_at, a.until_at, a.page, a.begun, a.active,
	COALESCE(b.kind, 0) AS beside_kind, COALESCE(b.kept, '') AS beside_kept, COALESCE(b.size, 0) AS beside_size, COALESCE(b.digest, '') AS beside_digest,
	COALESCE(b.width, 0) AS beside_width, COALESCE(b.height, 0) AS beside_height,
	COALESCE(b.cut_x, 0) AS cut_x, COALESCE(b.cut_y, 0) AS cut_y, COALESCE(b.cut_width, 0) AS cut_width, COALESCE(b.cut_height, 0) AS cut_height,
	COALESCE(b.advice, 0) AS advice
FROM attachment a LEFT JOIN attachment_beside b ON b.account_id = a.account_id AND b.attachment_id = a.id
WHERE a.account_id = $account_id AND a.draft_id = $draft_id AND a.draft_id <> 0 ORDER BY a.id;

-- query attachment_list_of: many
-- Of an application.
-- in: account_id i64, application_id i64
-- out: as attachment_list
SELECT a.id, a.application_id, a.document, a.state, a.reason, a.detail, a.name, a.size, a.arrived, a.digest, a.kept, a.kept_size, a.kept_digest,
	a.pages, a.width, a.height, a.resumable, a.created_at, a.changed_at, a.until_at, a.page, a.begun, a.active,
	COALESCE(b.kind, 0) AS beside_kind, COALESCE(b.kept, '') AS beside_kept, COALESCE(b.size, 0) AS beside_size, COALESCE(b.digest, '') AS beside_digest,
	COALESCE(b.width, 0) AS beside_width, COALESCE(b.height, 0) AS beside_height,
	COALESCE(b.cut_x, 0) AS cut_x, COALESCE(b.cut_y, 0) AS cut_y, COALESCE(b.cut_width, 0) AS cut_width, COALESCE(b.cut_height, 0) AS cut_height,
	COALESCE(b.advice, 0) AS advice
FROM attachment a LEFT JOIN attachment_beside b ON b.account_id = a.account_id AND b.attachment_id = a.id
WHERE a.account_id = $account_id AND a.application_id = $application_id AND a.application_id <> 0 ORDER BY a.id;

-- query attachment_earlier: many
-- Of a person's applications, the last first, with what opens them.
-- in: account_id i64, most i64
-- out: id i64, application_id i64, document text, name blob, size i64, digest text, kept text, kept_size i64, kept_digest text, pages i64, width i64, height i64, changed_at i64, reference text, submitted_at i64, files_key blob
SELECT a.id, a.application_id, a.document, a.name, a.size, a.digest, a.kept, a.kept_size, a.kept_digest, a.pages, a.width, a.height, a.changed_at,
	p.reference, p.submitted_at, p.files_key
FROM attachment a JOIN application p ON p.account_id = a.account_id AND p.id = a.application_id
WHERE a.account_id = $account_id AND a.application_id <> 0 AND a.state = 3 ORDER BY p.submitted_at DESC, a.id LIMIT $most;

-- query attachment_insert: exec
-- What is begun; the ceilings were looked at behind the draft's row.
-- in: account_id i64, id i64, draft_id i64, document text, page i64, begun i64, state i64, name blob, size i64, resumable i64, at i64
-- in: until_at i64
INSERT INTO attachment (account_id, id, draft_id, application_id, document, state, reason, detail, name, size, arrived, digest, kept, kept_size, kept_digest,
	pages, width, height, resumable, created_at, changed_at, until_at, page, begun)
VALUES ($account_id, $id, $draft_id, 0, $document, $state, '', 0, $name, $size, 0, '', '', 0, '', 0, 0, 0, $resumable, $at, $at, $until_at, $page, $begun);

-- query attachment_arrived: exec
-- So much is on stable storage. Never less than before: of two connections that send the same upload the one that is behind has no say.
-- in: account_id i64, id i64, arrived i64, at i64
UPDATE attachment SET arrived = $arrived, changed_at = $at WHERE account_id = $account_id AND id = $id AND state = 1 AND arrived <= $arrived;

-- query attachment_complete: exec
-- From here on the check is due, by whoever comes first.
-- in: account_id i64, id i64, size i64, digest text, at i64, until_at i64
UPDATE attachment SET state = 2, size = $size, arrived = $size, digest = $digest, changed_at = $at, until_at = $until_at
WHERE account_id = $account_id AND id = $id AND state = 1;

-- query attachment_ok: exec
-- Clean, and kept.
-- in: account_id i64, id i64, kept text, kept_size i64, kept_digest text, pages i64, width i64, height i64, active i64, at i64
UPDATE attachment SET state = 3, reason = '', detail = 0, kept = $kept, kept_size = $kept_size, kept_digest = $kept_digest, pages = $pages, width = $width, height = $height,
	active = $active, changed_at = $at, until_at = 0
WHERE account_id = $account_id AND id = $id AND state = 2;

-- query attachment_problem: exec
-- Its bytes go; the row tells why.
-- in: account_id i64, id i64, reason text, detail i64, pages i64, width i64, height i64, at i64
UPDATE attachment SET state = 4, reason = $reason, detail = $detail, pages = $pages, width = $width, height = $height, changed_at = $at, until_at = 0
WHERE account_id = $account_id AND id = $id AND (state = 1 OR state = 2);

-- query attachment_wait: exec
-- It cannot be checked now. What was tried while it waited for something else does not count.
-- in: account_id i64, id i64, reason text, until_at i64
UPDATE attachment SET detail = CASE WHEN reason = $reason THEN detail ELSE 0 END, reason = $reason, until_at = $until_at
WHERE account_id = $account_id AND id = $id AND state = 2;

-- query attachment_tried: exec
-- A check of it has begun and ended without an answer.
-- in: account_id i64, id i64
UPDATE attachment SET detail = detail + 1 WHERE account_id = $account_id AND id = $id AND state = 2;

-- query attachment_hold: exec
-- Its check takes long.
-- in: account_id i64, id i64, until_at i64
UPDATE attachment SET until_at = $until_at WHERE account_id = $account_id AND id = $id AND state = 2;

-- query attachment_cut_back: exec
-- A photo that could not be cut anew is what it was.
-- in: account_id i64, id i64, reason text, at i64
UPDATE attachment SET state = 3, reason = $reason, detail = 0, changed_at = $at, until_at = 0
WHERE account_id = $account_id AND id = $id AND state = 2 AND kept <> '';

-- query attachment_waiting: many
-- Of everybody, by what they wait for: checks that could not be made, and those begun before that time that nobody has ended. The first condition is
-- that of the index of open rows.
-- in: before i64
-- out: reason text, files i64, since i64, tries i64, next_at i64
SELECT reason, count(*) AS files, COALESCE(min(changed_at), 0) AS since, COALESCE(max(detail), 0) AS tries, COALESCE(min(until_at), 0) AS next_at
FROM attachment WHERE (state = 1 OR state = 2) AND state = 2 AND (reason <> '' OR changed_at <= $before) GROUP BY reason ORDER BY reason;

-- query attachment_delete: exec
-- One of a draft.
-- in: account_id i64, draft_id i64, id i64
DELETE FROM attachment WHERE account_id = $account_id AND draft_id = $draft_id AND id = $id;

-- query attachment_keep: exec
-- With the application: what is ok, and the word that no photo is needed. Photographed pages are no part of it.
-- in: account_id i64, draft_id i64, application_id i64
UPDATE attachment SET application_id = $application_id, draft_id = 0
WHERE account_id = $account_id AND draft_id = $draft_id AND draft_id <> 0 AND page = 0 AND (state = 3 OR state = 5);

-- query attachment_drop: many
-- All that a draft still has; of some the bytes lie in the spool.
-- in: account_id i64, draft_id i64
-- out: id i64, state i64
DELETE FROM attachment WHERE account_id = $account_id AND draft_id = $draft_id AND draft_id <> 0 RETURNING id, state;

-- query attachment_due: one
-- What a job has to end or to go on with. Reads only, because mostly there is nothing.
-- in: now i64
-- out: account_id i64, id i64, draft_id i64, state i64, until_at i64
SELECT account_id, id, draft_id, state, until_at FROM attachment
WHERE (state = 1 OR state = 2) AND until_at <= $now ORDER BY until_at, id LIMIT 1;

-- query attachment_claim: exec
-- Of several workers one: the time that was read is in the condition.
-- in: account_id i64, id i64, was i64, until_at i64
UPDATE attachment SET until_at = $until_at WHERE account_id = $account_id AND id = $id AND (state = 1 OR state = 2) AND until_at = $was;

-- query attachment_drafts_after: many
-- The drafts that files belong to, from one on, with the id of the draft, or 0 when it is gone.
-- in: account_id i64, draft_id i64, most i64
-- out: account_id i64, draft_id i64, there i64
SELECT a.account_id, a.draft_id, COALESCE(MAX(d.id), 0) AS there
FROM attachment a LEFT JOIN draft d ON d.account_id = a.account_id AND d.id = a.draft_id
WHERE a.draft_id <> 0 AND (a.account_id, a.draft_id) > ($account_id, $draft_id)
GROUP BY a.account_id, a.draft_id ORDER BY a.account_id, a.draft_id LIMIT $most;

-- query attachment_kept_count: one
-- Whether a blob is wanted.
-- in: kept text
-- out: n i64
SELECT count(*) AS n FROM attachment WHERE kept = $kept AND kept <> '';

-- query attachment_open_count: one
-- Whether the bytes in the spool are wanted.
-- in: account_id i64, id i64
-- out: n i64
SELECT count(*) AS n FROM attachment WHERE account_id = $account_id AND id = $id AND (state = 1 OR state = 2);

-- query attachment_spool_bytes: one
-- What a person has in the spool, or will have: of uploads what was announced. A photo that is cut anew has its bytes elsewhere.
-- in: account_id i64
-- out: bytes i64
SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes FROM attachment WHERE account_id = $account_id AND (state = 1 OR state = 2) AND kept = '';

-- query attachment_page: exec
-- Another place in the order of a document's photographed pages.
-- in: account_id i64, id i64, page i64
UPDATE attachment SET page = $page WHERE account_id = $account_id AND id = $id AND page <> 0;

-- query attachment_recheck: exec
-- A photo is cut anew: until that is done, or a job has done it, it is no part of an application.
-- in: account_id i64, id i64, at i64, until_at i64
UPDATE attachment SET state = 2, reason = '', detail = 0, changed_at = $at, until_at = $until_at WHERE account_id = $account_id AND id = $id AND state = 3;

-- query attachment_copy: exec
-- A file of an application, for the draft in which it is modified. Its bytes are the same.
-- in: account_id i64, id i64, draft_id i64, from_id i64, name blob
INSERT INTO attachment (account_id, id, draft_id, application_id, document, state, reason, detail, name, size, arrived, digest, kept, kept_size, kept_digest,
	pages, width, height, resumable, created_at, changed_at, until_at, active)
SELECT account_id, $id, $draft_id, 0, document, state, '', 0, $name, size, arrived, digest, kept, kept_size, kept_digest,
	pages, width, height, 0, created_at, changed_at, 0, active
FROM attachment WHERE account_id = $account_id AND id = $from_id AND application_id <> 0;

-- query attachment_lose: exec
-- All that a draft has kept cannot be read any more; also a photo that is just cut anew.
-- in: account_id i64, draft_id i64, at i64
UPDATE attachment SET state = 4, reason = 'lost', detail = 0, kept = '', kept_size = 0, kept_digest = '', active = 0, changed_at = $at, until_at = 0
WHERE account_id = $account_id AND draft_id = $draft_id AND draft_id <> 0 AND kept <> '';

-- query attachment_clear: exec
-- The files of an application: those of the draft that modified it come in their place.
-- in: account_id i64, application_id i64
DELETE FROM attachment WHERE account_id = $account_id AND application_id = $application_id AND application_id <> 0;

-- query attachment_kept_after: many
-- Kept files of everybody, from one place on, with the key of the draft or application that they belong to.
-- in: account_id i64, id i64
-- out: account_id i64, id i64, kept text, kept_size i64, kept_digest text, files_key blob, reference text
SELECT a.account_id, a.id, a.kept, a.kept_size, a.kept_digest, COALESCE(d.files_key, p.files_key) AS files_key, COALESCE(p.reference, '') AS reference
FROM attachment a LEFT JOIN draft d ON a.draft_id <> 0 AND d.account_id = a.account_id AND d.id = a.draft_id
	LEFT JOIN application p ON a.application_id <> 0 AND p.account_id = a.account_id AND p.id = a.application_id
WHERE (a.account_id, a.id) > ($account_id, $id) AND a.kept <> '' AND (d.id IS NOT NULL OR p.id IS NOT NULL)
ORDER BY a.account_id, a.id LIMIT 100;
