-- query account_insert: exec
-- Both keys may be taken: a user ID by chance, an address by another link. Nothing is inserted then, and account_id_of tells which it was.
-- in: id i64, user_id text, email text, user_type text, name text, phone text, postal_code text, address text, sex text
-- in: birth_on i64, org_name text, lang text, password_hash text, at i64
INSERT INTO account (id, user_id, email, user_type, name, phone, postal_code, address, sex, birth_on, org_name, lang,
	password_hash, password_at, tries, locked_until, login_at, created_at)
VALUES ($id, $user_id, $email, $user_type, $name, $phone, $postal_code, $address, $sex, $birth_on, $org_name, $lang,
	$password_hash, $at, 0, 0, 0, $at)
ON CONFLICT DO NOTHING;

-- query account_get: one
-- What a person may see of the own account, and what fills forms.
-- in: id i64
-- out: user_id text, email text, user_type text, name text, phone text, postal_code text, address text, sex text, birth_on i64
-- out: org_name text, lang text, created_at i64, login_at i64
SELECT user_id, email, user_type, name, phone, postal_code, address, sex, birth_on, org_name, lang, created_at, login_at
FROM account WHERE id = $id;

-- query account_by_email: one
-- in: email text
-- Addresses are stored in lower case, so equality is enough.
-- out: id i64, user_id text, name text, lang text
SELECT id, user_id, name, lang FROM account WHERE email = $email;

-- query account_by_login: one
-- What one types at the login is a user ID or an address; no address is a user ID, because that has no '@'.
-- in: login text
-- out: id i64, user_id text, email text, name text, user_type text, lang text, password_hash text, password_at i64, tries i64, locked_until i64, login_at i64
SELECT id, user_id, email, name, user_type, lang, password_hash, password_at, tries, locked_until, login_at
FROM account WHERE user_id = $login OR email = $login;

-- query account_pass: exec
-- Those who must not count side by side what one person has in all drafts pass here one after the other.
-- in: id i64
UPDATE account SET tries = tries WHERE id = $id;

-- query account_try: exec
-- Counts a try before the password is looked at. The count that was read is in the condition: two tries at the same moment cannot
-- both be the fifth. An unknown account has id 0 and changes nothing.
-- in: id i64, tries_before i64, locked_before i64, tries i64, locked_until i64
UPDATE account SET tries = $tries, locked_until = $locked_until
WHERE id = $id AND tries = $tries_before AND locked_until = $locked_before;

-- query account_login: exec
-- The password was right, and is still the one that was looked at: while it was, another may have been set.
-- in: id i64, at i64, password_at i64
UPDATE account SET tries = 0, locked_until = 0, login_at = $at WHERE id = $id AND password_at = $password_at;

-- query account_unlock: exec
-- The person has shown that the mailbox is theirs.
-- in: id i64
UPDATE account SET tries = 0, locked_until = 0 WHERE id = $id;

-- query account_rehash: exec
-- The same password under newer parameters, unless it was changed meanwhile.
-- in: id i64, hash_before text, password_hash text
UPDATE account SET password_hash = $password_hash WHERE id = $id AND password_hash = $hash_before;

-- query account_password: exec
-- A new password lifts the lock too.
-- in: id i64, password_hash text, at i64
UPDATE account SET password_hash = $password_hash, password_at = $at, tries = 0, locked_until = 0 WHERE id = $id;

-- query account_address: exec
-- Taken over from the card.
-- in: id i64, postal_code text, address text
UPDATE account SET postal_code = $postal_code, address = $address WHERE id = $id;

-- query account_lock: exec
-- Changes nothing: whoever counts what an account has, before adding to it, passes here.
-- in: id i64
UPDATE account SET created_at = created_at WHERE id = $id;

-- query account_any: one
-- Whether anybody has registered.
-- out: id i64
SELECT id FROM account ORDER BY id LIMIT 1;
