-- What the database knows of the folders beside it (domain/installation_folder.h).

-- query installation_folder_find: one
-- By name.
-- in: name text
-- out: mark text
SELECT mark FROM installation_folder WHERE name = $name;

-- query installation_folder_note: exec
-- Of two hosts that start for the first time the first one counts.
-- in: name text, mark text, at i64
INSERT INTO installation_folder (name, mark, noted_at) VALUES ($name, $mark, $at)
ON CONFLICT (name) DO NOTHING;
