-- Every version of a procedure that was ever in force here: drafts and applications name theirs, and are shown by it.

-- A file of definitions, under its digest: versions share most of theirs.
CREATE TABLE definition_file (
	digest TEXT PRIMARY KEY,
	bytes BYTEA NOT NULL
);

-- manifest: a line for each file, its path, a blank and its digest, in the order of the paths.
CREATE TABLE procedure_version (
	procedure TEXT NOT NULL,
	version TEXT NOT NULL,
	published_at BIGINT NOT NULL,
	manifest TEXT NOT NULL,
	PRIMARY KEY (procedure, version)
);
