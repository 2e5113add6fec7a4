-- The folders beside the database: a host that brings others, in which the files of people are not, is told so at its start.

-- name: of the folders. mark: at random, in hex; the same stands in the folders.
CREATE TABLE installation_folder (
	name TEXT PRIMARY KEY,
	mark TEXT NOT NULL,
	noted_at BIGINT NOT NULL
);
