-- Pictures that stand beside a file, and photographed pages that wait to become one document.

-- Which photographed page of its document a row is, from 1 in their order; 0: a file of its own. A page is part of no application.
ALTER TABLE attachment ADD COLUMN page BIGINT NOT NULL DEFAULT 0;

-- kind: 1 a small picture of the first page, 2 the whole photo that the facial photo is cut from (while the draft lasts).
-- Of the whole photo: what is cut out of it, in its pixels (width 0: the middle), and advice about the result, one bit each (sandbox/check.h).
CREATE TABLE attachment_beside (
	account_id BIGINT NOT NULL,
	attachment_id BIGINT NOT NULL,
	kind BIGINT NOT NULL,
	kept TEXT NOT NULL,
	size BIGINT NOT NULL,
	digest TEXT NOT NULL,
	width BIGINT NOT NULL,
	height BIGINT NOT NULL,
	cut_x BIGINT NOT NULL,
	cut_y BIGINT NOT NULL,
	cut_width BIGINT NOT NULL,
	cut_height BIGINT NOT NULL,
	advice BIGINT NOT NULL,
	PRIMARY KEY (account_id, attachment_id, kind),
	FOREIGN KEY (account_id, attachment_id) REFERENCES attachment (account_id, id) ON DELETE CASCADE
);
CREATE INDEX attachment_beside_kept ON attachment_beside (kept);
