-- The files of one draft or application are found in their order, whatever else the person has.
DROP INDEX attachment_draft;
DROP INDEX attachment_application;
CREATE INDEX attachment_draft ON attachment (account_id, draft_id, id) WHERE draft_id <> 0;
CREATE INDEX attachment_application ON attachment (account_id, application_id, id) WHERE application_id <> 0;
