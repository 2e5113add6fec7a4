-- Mails that have failed before, by recipient: a new one to the same person hastens them. Those that nobody has tried yet, and
-- while a relay is down that is many, are not in it.
CREATE INDEX outbox_waiting ON outbox (recipient) WHERE state = 0 AND attempts > 0;
