-- What the check has found in a PDF that officers should know before they open it: scripts, programs to launch, files. 0: none, or kept before this was
-- noted.
ALTER TABLE attachment ADD COLUMN active BIGINT NOT NULL DEFAULT 0;
