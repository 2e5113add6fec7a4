-- query audit_entry_add: exec
-- The key (lane, number) admits one successor only.
-- in: lane i64, number i64, at i64, account_id i64, actor_kind i64, actor_id i64, event text, object text, object_id i64, detail text, hash blob
INSERT INTO audit_entry (lane, number, at, account_id, actor_kind, actor_id, event, object, object_id, detail, hash)
VALUES ($lane, $number, $at, $account_id, $actor_kind, $actor_id, $event, $object, $object_id, $detail, $hash);

-- query audit_entry_list: many
-- A piece of a lane, for the verification and the export.
-- in: lane i64, after i64, most i64
-- out: number i64, at i64, account_id i64, actor_kind i64, actor_id i64, event text, object text, object_id i64, detail text, hash blob
SELECT number, at, account_id, actor_kind, actor_id, event, object, object_id, detail, hash
FROM audit_entry WHERE lane = $lane AND number > $after ORDER BY number LIMIT $most;
