-- A press of Apply is known by the token of its draft, and so is one that submits again: the entry that it makes in the history keeps it, and is
-- what its receipt is found by. The application's own token tells of the first submission only.
ALTER TABLE application_event ADD COLUMN token TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX application_event_token ON application_event (account_id, token) WHERE token <> '';

-- Drafts that are there carry their application's token. They get one of their own; it need not be secret, only no other's.
UPDATE draft SET token = CAST(id AS TEXT) WHERE application_id <> 0;
