-- Requests for use, each beside the application of its id. state: 0 waiting, 1 accepted, 2 refused. months: how long an acceptance is
-- good, as the procedure said when it was submitted; 0: without end. valid_until: the last day, YYYYMMDD; 0: without end, or not accepted.
-- told: when a mail said that it ends; 0: not yet.

CREATE TABLE usage_request (
	account_id BIGINT NOT NULL,
	application_id BIGINT NOT NULL,
	state BIGINT NOT NULL,
	differs BIGINT NOT NULL,
	requested_at BIGINT NOT NULL,
	decided_at BIGINT NOT NULL,
	months BIGINT NOT NULL,
	valid_until BIGINT NOT NULL,
	told BIGINT NOT NULL,
	PRIMARY KEY (account_id, application_id)
);
CREATE INDEX usage_request_waiting ON usage_request (requested_at, application_id) WHERE state = 0;
CREATE INDEX usage_request_ends ON usage_request (valid_until) WHERE state = 1 AND told = 0 AND valid_until > 0;

-- told: for how many days before not_after a mail has said that the card ends; 0: none yet.
ALTER TABLE card_link ADD COLUMN told BIGINT NOT NULL DEFAULT 0;
CREATE INDEX card_link_ends ON card_link (not_after) WHERE unlinked_at = 0;
