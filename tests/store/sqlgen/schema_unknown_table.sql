-- expect 2:29: no such table: main.drafts
CREATE INDEX drafts_body ON drafts (body);
