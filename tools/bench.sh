#!/bin/sh
# bench.sh BUILD [OPTION …] : builds what the benchmark needs and runs it; nine minutes on a quiet machine.
#
#   --quick            one short run of each part
#   --only PART,…      of pages, sqlite, login, memory, weight, form, catalogue, files, card, postgresql
#   --write            the tables go to docs/benchmarks.md
set -eu
cd "$(dirname "$0")/.."
if [ $# = 0 ]; then
	sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
	exit 64
fi
build=$1
shift
ninja -C "$build" --quiet
ninja -C "$build" --quiet tests/bench/bench_catalogue tests/bench/bench_first_answer tests/bench/bench_load tests/bench/bench_prepare tests/bench/bench_raw_files tests/bench/bench_raw_hash \
	tests/bench/bench_raw_loop tests/bench/bench_raw_sink tests/bench/bench_raw_store
exec node tests/bench/bench.mjs "$build" "$@"
