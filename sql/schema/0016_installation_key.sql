-- The keys that lie in files beside the database: who starts with another one, or with none, is told so before anything is sealed with it.

-- name: of the file. digest: of a fixed text, keyed by what the file holds, in hex; nobody learns the key from it.
CREATE TABLE installation_key (
	name TEXT PRIMARY KEY,
	digest TEXT NOT NULL,
	noted_at BIGINT NOT NULL
);

-- No job ends: what is done comes back, what failed is tried again.
DROP INDEX job_ended;
