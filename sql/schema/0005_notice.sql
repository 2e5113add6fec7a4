-- What the operator tells everybody.

CREATE TABLE notice (
	id BIGINT PRIMARY KEY,
	published_at BIGINT NOT NULL,
	until_at BIGINT NOT NULL,
	title_ja TEXT NOT NULL,
	title_en TEXT NOT NULL,
	body_ja TEXT NOT NULL,
	body_en TEXT NOT NULL
);
CREATE INDEX notice_published ON notice (published_at);

-- Hours at which the portal is closed.
CREATE TABLE maintenance (
	id BIGINT PRIMARY KEY,
	announced_at BIGINT NOT NULL,
	starts_at BIGINT NOT NULL,
	ends_at BIGINT NOT NULL,
	words_ja TEXT NOT NULL,
	words_en TEXT NOT NULL
);
CREATE INDEX maintenance_ends ON maintenance (ends_at);
