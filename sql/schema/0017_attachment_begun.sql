-- Which change of its draft's files a file was begun with (draft.files then): of two photos the one with the greater number was sent last. Ids
-- cannot say that, because they rise with clocks, and clocks are set. 0: begun before this was noted, or copied from an application.
ALTER TABLE attachment ADD COLUMN begun BIGINT NOT NULL DEFAULT 0;
