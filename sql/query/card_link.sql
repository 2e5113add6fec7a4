-- query card_link_insert: exec
-- The unique keys decide: no change means that the card, or the account, has been linked in between.
-- in: id i64, account_id i64, adapter text, subject text, issuer text, issuer_key text, cert_serial text, spki text, cert text, certificate blob, not_after i64, now i64
INSERT INTO card_link (id, account_id, adapter, subject, issuer, issuer_key, cert_serial, spki, cert, certificate, not_after, linked_at, unlinked_at, unlinked_why)
VALUES ($id, $account_id, $adapter, $subject, $issuer, $issuer_key, $cert_serial, $spki, $cert, $certificate, $not_after, $now, 0, '')
ON CONFLICT DO NOTHING;

-- query card_link_list: many
-- All of an account, the newest first.
-- in: account_id i64
-- out: id i64, adapter text, subject text, issuer text, issuer_key text, cert_serial text, spki text, cert text, certificate blob, not_after i64, linked_at i64, unlinked_at i64, unlinked_why text
SELECT id, adapter, subject, issuer, issuer_key, cert_serial, spki, cert, certificate, not_after, linked_at, unlinked_at, unlinked_why
FROM card_link WHERE account_id = $account_id ORDER BY linked_at DESC, id DESC;

-- query card_link_owner: one
-- Whose card it is now.
-- in: subject text
-- out: account_id i64
SELECT account_id FROM card_link WHERE subject = $subject AND unlinked_at = 0;

-- query card_link_end: exec
-- Ended once.
-- in: id i64, why text, now i64
UPDATE card_link SET unlinked_at = $now, unlinked_why = $why WHERE id = $id AND unlinked_at = 0;
