-- What the database knows of the keys beside it (domain/installation.h).

-- query installation_key_find: one
-- By the name of its file.
-- in: name text
-- out: digest text
SELECT digest FROM installation_key WHERE name = $name;

-- query installation_key_note: exec
-- Of two that start for the first time the first one counts.
-- in: name text, digest text, at i64
INSERT INTO installation_key (name, digest, noted_at) VALUES ($name, $digest, $at)
ON CONFLICT (name) DO NOTHING;

-- query installation_key_replace: exec
-- The operator's word: the one before is lost.
-- in: name text, digest text, at i64
INSERT INTO installation_key (name, digest, noted_at) VALUES ($name, $digest, $at)
ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, noted_at = excluded.noted_at;
