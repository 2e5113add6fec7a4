-- Of the whole photo: what was cut out of it before the last change, so that the facial photo can stay as it was when the new part cannot be made.
ALTER TABLE attachment_beside ADD COLUMN was_x BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attachment_beside ADD COLUMN was_y BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attachment_beside ADD COLUMN was_width BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attachment_beside ADD COLUMN was_height BIGINT NOT NULL DEFAULT 0;
UPDATE attachment_beside SET was_x = cut_x, was_y = cut_y, was_width = cut_width, was_height = cut_height;
