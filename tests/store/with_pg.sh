#!/bin/sh
# with_pg.sh COMMAND … : runs the command with STORE_TEST_PG_URL set to a PostgreSQL cluster of its own: a temporary folder, a Unix socket
# and nothing else, collation C. The cluster ends with the command. When STORE_TEST_PG_URL is set already, that one is used.
# STORE_TEST_PG_TEMPLATE: a folder in which the first one leaves its new cluster for the others to copy, because initdb costs more than the copy.
# STORE_TEST_PG_OPTIONS: further settings, -c NAME=VALUE …, that override those below.
# PostgreSQL refuses to run as root, so root becomes the user postgres for it.
set -eu
if [ -n "${STORE_TEST_PG_URL:-}" ]; then
	exec "$@"
fi

bin=$(pg_config --bindir)
if [ ! -x "$bin/initdb" ]; then
	for dir in /usr/lib/postgresql/*/bin; do
		bin=$dir
	done
fi
dir=$(mktemp -d "${TMPDIR:-/tmp}/store-pg.XXXXXX")
as=
if [ "$(id -u)" = 0 ]; then
	chown postgres "$dir"
	as='setpriv --reuid=postgres --regid=postgres --init-groups'
fi

# In the folder of the cluster, because the user postgres may not be allowed to see the present one.
pg() {
	tool=$1
	shift
	(cd "$dir" && $as "$bin/$tool" "$@")
}

stop() {
	status=$?
	trap - EXIT
	if [ -f "$dir/data/postmaster.pid" ]; then
		pg pg_ctl stop -D "$dir/data" -m immediate -s || true
	fi
	rm -rf "$dir"
	exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

template=${STORE_TEST_PG_TEMPLATE:-}
if [ -n "$template" ] && [ -d "$template/data" ]; then
	cp -a "$template/data" "$dir/data"
else
	pg initdb -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$dir/initdb.log" 2>&1 ||
		{ cat "$dir/initdb.log" >&2; exit 1; }
	if [ -n "$template" ]; then
		cp -a "$dir/data" "$dir/template"
		# It is there wholly or not; of several that come at once one wins.
		mv -T "$dir/template" "$template/data" 2>/dev/null || rm -rf "$dir/template"
	fi
fi
# Not durable, because it is thrown away; deadlocks are looked for soon, because the tests make some.
pg pg_ctl start -D "$dir/data" -w -s -l "$dir/server.log" -o "-c listen_addresses='' -k $dir \
	-c fsync=off -c full_page_writes=off -c deadlock_timeout=20ms -c max_connections=150 -c shared_buffers=32MB ${STORE_TEST_PG_OPTIONS:-}" ||
	{ cat "$dir/server.log" >&2; exit 1; }
STORE_TEST_PG_URL="postgresql:///postgres?host=$dir&user=postgres" "$@"
