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

-- query card_link_ending: many
-- Links in force whose certificate ends by then, and whose owners have not been told so for as few days; with whom to tell.
-- in: now i64, until i64, days i64, most i64
-- out: id i64, account_id i64, not_after i64, email text, lang text
SELECT l.id, l.account_id, l.not_after, a.email, a.lang
FROM card_link l JOIN account a ON a.id = l.account_id
WHERE l.unlinked_at = 0 AND l.not_after > $now AND l.not_after <= $until AND (l.told = 0 OR l.told > $days)
ORDER BY l.not_after, l.id LIMIT $most;

-- query card_link_told: exec
-- Told once for that many days, whoever does it.
-- in: id i64, days i64
UPDATE card_link SET told = $days WHERE id = $id AND unlinked_at = 0 AND (told = 0 OR told > $days);
