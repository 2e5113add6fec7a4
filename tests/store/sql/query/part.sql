-- query part_insert: exec
-- A row that refers to another table.
-- in: id i64, item_id i64, note text
INSERT INTO part (id, item_id, note) VALUES ($id, $item_id, $note);

-- query part_count: one
-- Of one item.
-- in: item_id i64
-- out: n i64
SELECT count(*) AS n FROM part WHERE item_id = $item_id;
