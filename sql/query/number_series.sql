-- query number_series_take: one
-- The block is next - amount … next - 1.
-- in: name text, amount i64
-- out: next i64
INSERT INTO number_series (name, next) VALUES ($name, 1 + $amount)
ON CONFLICT (name) DO UPDATE SET next = number_series.next + $amount
RETURNING next;
