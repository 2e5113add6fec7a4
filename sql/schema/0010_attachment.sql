-- Files of drafts and of the applications that came of them. The bytes are not here: while they come they lie in the spool, afterwards, checked and
-- sealed, in the folder of blobs (blob/blob.h) under the name in `kept`.

-- document: id in the procedure's list, or "photo". state: enum attachment_state; reason: of a problem. name: sealed.
-- size: as announced, then as it came; arrived: bytes that are on stable storage. digest: SHA-256 of the bytes as they came, in hex.
-- kept_size, kept_digest: of what is kept, which for a photo is another file. until_at: when an upload that has not ended is given up.
CREATE TABLE attachment (
	account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	id BIGINT NOT NULL,
	draft_id BIGINT NOT NULL,
	application_id BIGINT NOT NULL,
	document TEXT NOT NULL,
	state BIGINT NOT NULL,
	reason TEXT NOT NULL,
	detail BIGINT NOT NULL,
	name BYTEA NOT NULL,
	size BIGINT NOT NULL,
	arrived BIGINT NOT NULL,
	digest TEXT NOT NULL,
	kept TEXT NOT NULL,
	kept_size BIGINT NOT NULL,
	kept_digest TEXT NOT NULL,
	pages BIGINT NOT NULL,
	width BIGINT NOT NULL,
	height BIGINT NOT NULL,
	resumable BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	until_at BIGINT NOT NULL,
	PRIMARY KEY (account_id, id)
);
CREATE INDEX attachment_draft ON attachment (account_id, draft_id) WHERE draft_id <> 0;
CREATE INDEX attachment_application ON attachment (account_id, application_id) WHERE application_id <> 0;
-- Uploading (1) and checking (2): what a job ends or goes on with.
CREATE INDEX attachment_open ON attachment (until_at) WHERE state = 1 OR state = 2;
CREATE INDEX attachment_kept ON attachment (kept) WHERE kept <> '';

-- Blobs that lost a row which named them. The job deletes those that no other row names, after a time that is longer than any transaction.
CREATE TABLE attachment_drop (
	kept TEXT PRIMARY KEY,
	account_id BIGINT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX attachment_drop_at ON attachment_drop (at);

-- Rises with each change of a draft's files: every such change passes its draft's row, so that counters hold and a submission takes what was checked.
ALTER TABLE draft ADD COLUMN files BIGINT NOT NULL DEFAULT 0;

-- The key that the files of a draft, then of its application, are sealed with, wrapped; empty: there are none yet. With the row goes the key, and nobody reads them any more.
ALTER TABLE draft ADD COLUMN files_key BYTEA NOT NULL DEFAULT '';
ALTER TABLE application ADD COLUMN files_key BYTEA NOT NULL DEFAULT '';
