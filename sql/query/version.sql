-- query version_find: one
-- A version is written once and never changed: its name is the digest of what it is made of.
-- in: procedure text, version text
-- out: published_at i64, manifest text
SELECT published_at, manifest FROM procedure_version WHERE procedure = $procedure AND version = $version;

-- query version_list: many
-- For operators; a handful a year.
-- out: procedure text, version text, published_at i64
SELECT procedure, version, published_at FROM procedure_version ORDER BY procedure, published_at, version;

-- query version_add: exec
-- Several processes may start at the same moment with the same definitions.
-- in: procedure text, version text, published_at i64, manifest text
INSERT INTO procedure_version (procedure, version, published_at, manifest) VALUES ($procedure, $version, $published_at, $manifest)
ON CONFLICT (procedure, version) DO NOTHING;

-- query version_add_file: exec
-- The same file is part of many versions.
-- in: digest text, bytes blob
INSERT INTO definition_file (digest, bytes) VALUES ($digest, $bytes) ON CONFLICT (digest) DO NOTHING;

-- query version_file: one
-- By its digest, so it is what the manifest meant.
-- in: digest text
-- out: bytes blob
SELECT bytes FROM definition_file WHERE digest = $digest;
