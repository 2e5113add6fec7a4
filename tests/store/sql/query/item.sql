-- Queries of every kind.

-- query item_insert: exec
-- Five parameters are positional.
-- in: id i64, name text, body blob, amount i64, label text
INSERT INTO item (id, name, body, amount, label) VALUES ($id, $name, $body, $amount, $label);

-- query item_put: exec
-- Six come in a struct. With changed = 0 when the id is taken.
-- in: id i64, name text, body blob, amount i64,
-- in: label text, least i64
INSERT INTO item (id, name, body, amount, label)
SELECT $id, $name, $body, $amount, $label WHERE $amount >= $least
ON CONFLICT (id) DO NOTHING;

-- query item_find: one
-- All types.
-- in: id i64
-- out: name text, body blob, amount i64, label text
SELECT name, body, amount, label
FROM item -- a comment inside
WHERE id = $id;

-- query item_list: many
-- All rows in order.
-- in: least i64
-- out: id i64, name text, body blob
SELECT id, name, body FROM item WHERE id >= $least ORDER BY id;

-- query item_pick: one
-- A query of kind one that finds several rows, which is a defect.
-- out: id i64
SELECT id FROM item;

-- query item_add: one
-- UPDATE with an answer.
-- in: id i64, amount i64
-- out: amount i64
UPDATE item SET amount = amount + $amount WHERE id = $id RETURNING amount;

-- query item_add_all: many
-- The same with many rows.
-- in: amount i64
-- out: id i64, amount i64
UPDATE item SET amount = amount + $amount RETURNING id, amount;

-- query item_rename: exec
-- How many changed.
-- in: name text, id i64
UPDATE item SET name = $name WHERE id = $id;

-- query item_delete: exec
-- Parts go with it.
-- in: id i64
DELETE FROM item WHERE id = $id;

-- query item_delete_name: one
-- DELETE with an answer; texts compare by their bytes.
-- in: name text
-- out: id i64
DELETE FROM item WHERE name = $name RETURNING id;

-- query item_summary: one
-- What both engines answer as a number.
-- out: n i64, total i64, any_body i64
SELECT count(*) AS n, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS total,
	EXISTS (SELECT 1 FROM item WHERE length(body) > 0) AS any_body
FROM item;

-- query item_max: one
-- NULL when there is no row, which is refused.
-- out: amount i64
SELECT max(amount) AS amount FROM item;

-- query item_of_part: many
-- A join, and the order of texts.
-- in: note text
-- out: id i64, note text
SELECT i.id, p.note FROM item i JOIN part p ON p.item_id = i.id WHERE p.note >= $note ORDER BY p.note, i.id;
