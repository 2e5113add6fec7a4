#!/bin/sh
# test_sqlgen.sh SQLGEN: each file of sqlgen/ has one fault, and says in its first line what sqlgen must say of it:
#   -- expect LINE:COLUMN: words
# (the first fault counts: others may follow from it). query_*.sql takes the place of the query file of sqlgen/sql, schema_*.sql is added as the second migration.
set -eu
sqlgen=$1
cases=$(cd "$(dirname "$0")/sqlgen" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
bad=0
count=0

generate() {
	rm -f "$dir/query.h" "$dir/query.c"
	"$sqlgen" --sql="$dir/sql" --header="$dir/query.h" --source="$dir/query.c" 2>"$dir/words"
}

# refused CASE FILE EXPECTED
refused() {
	count=$((count + 1))
	if generate; then
		echo "$1: accepted"
		bad=$((bad + 1))
	elif [ "$(head -n 1 "$dir/words")" != "$dir/sql/$2:$3" ]; then
		echo "$1: expected $2:$3"
		sed "s,^$dir/sql/,     found ," "$dir/words"
		bad=$((bad + 1))
	elif [ -e "$dir/query.h" ] || [ -e "$dir/query.c" ]; then
		echo "$1: refused, but something was written"
		bad=$((bad + 1))
	fi
}

fresh() {
	rm -rf "$dir/sql"
	cp -R "$cases/sql" "$dir/sql"
}

fresh
generate || { cat "$dir/words"; exit 1; }
grep -q '^err q_draft_find(struct tx \*tx, int64_t id, int64_t account_id, struct q_draft_find_row \*out);$' "$dir/query.h"
grep -q '"WHERE id = ?1 AND account_id = ?2"' "$dir/query.c"
grep -q '"WHERE id = $1 AND account_id = $2"' "$dir/query.c"
grep -q "photo BLOB NOT NULL DEFAULT x''" "$dir/query.c"
grep -q ') STRICT"' "$dir/query.c"

for file in "$cases"/query_*.sql "$cases"/schema_*.sql; do
	name=$(basename "$file")
	expected=$(sed -n '1s/^-- expect //p' "$file")
	fresh
	case $name in
	query_*) place=query/draft.sql ;;
	*) place=schema/0002_more.sql ;;
	esac
	cp "$file" "$dir/sql/$place"
	refused "$name" "$place" "$expected"
done

fresh
cp "$cases/sql/schema/0001_draft.sql" "$dir/sql/schema/0003_gap.sql"
refused 'a gap in the numbers' schema/0003_gap.sql '1:1: migration 0002 is expected here: the numbers go up without gaps'
fresh
mv "$dir/sql/schema/0001_draft.sql" "$dir/sql/schema/1_draft.sql"
refused 'a short number' schema/1_draft.sql '1:1: the name of a migration is NNNN_what.sql, from 0001 on'

echo "sqlgen: $count faulty inputs, $bad not refused as expected"
[ "$bad" = 0 ]
