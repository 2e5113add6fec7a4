#!/bin/sh
# test.sh : the whole test run, from a checkout or with build folders that are there already. Root or not.
#
#   build-gcc    release, gcc: what is installed
#   build-clang  clang with AddressSanitizer and UndefinedBehaviorSanitizer
#   build-tsan   clang with ThreadSanitizer, for what has threads: the server and the store
#
# The other two are built while the tests run with the first, with less claim to the processor: tests often wait, a compiler never does.
#
# In the first two the tests of Meson; those that need PostgreSQL start a cluster of their own (tests/store/with_pg.sh), because some end the
# connections of all others. Then the static tests and the stories, by node, with build-gcc. Logs stand in build-tests; those of
# what failed are shown, and at the end its names. The last line is "N passed, N failed, N skipped".
set -u
cd "$(dirname "$0")/.." || exit 70
logs=$PWD/build-tests
mkdir -p "$logs"
rm -f "$logs"/*

# The tests see nothing of the one who runs them.
unset BUILD CC CFLAGS CPPFLAGS LDFLAGS MAKEFLAGS MAKELEVEL MFLAGS NODE_OPTIONS MADOGUCHI POSTAL_CODES STORE_TEST_PG_URL
unset LANGUAGE LC_CTYPE LC_MESSAGES LC_TIME PGHOST PGPORT PGUSER PGDATABASE PGPASSWORD
export LC_ALL=C.UTF-8
export ASAN_OPTIONS="detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:${ASAN_OPTIONS:-}"
export LSAN_OPTIONS="suppressions=$PWD/tests/leaks.supp:print_suppressions=0:${LSAN_OPTIONS:-}"
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1:${UBSAN_OPTIONS:-}"

# Clusters of PostgreSQL are copies of one (tests/store/with_pg.sh).
STORE_TEST_PG_TEMPLATE=$(mktemp -d "${TMPDIR:-/tmp}/store-pg-template.XXXXXX") || exit 70
export STORE_TEST_PG_TEMPLATE
# Keys of simulated authorities are pairs of some primes (man/simca.1).
SIMCA_PRIMES=$(mktemp -d "${TMPDIR:-/tmp}/simca-primes.XXXXXX") || exit 70
export SIMCA_PRIMES
trap 'rm -rf "$STORE_TEST_PG_TEMPLATE" "$SIMCA_PRIMES"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

aside= # how a build gives way
passed=0 failed=0 skipped=0
add() {
	passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

began=$(date +%s)
# say WORDS: one line for each part, so that a long run shows that it lives.
say() {
	printf '[%4d s] %s\n' $(($(date +%s) - began)) "$*"
}

# show NAME LOG: what failed, at most its last 200 lines.
show() {
	printf -- '---- %s ----\n' "$1"
	tail -n 200 "$2"
	printf -- '---- end of %s ----\n' "$1"
}

# build FOLDER COMPILER TARGETS OPTION …: no TARGETS: all
build() {
	folder=$1 compiler=$2 targets=$3
	shift 3
	log=$logs/$folder.build.log
	if [ ! -f "$folder/build.ninja" ]; then
		rm -rf "$folder"
		if ! CC=$compiler meson setup "$folder" --prefix=/usr "$@" >"$log" 2>&1; then
			show "meson setup $folder" "$log"
			return 1
		fi
	fi
	# shellcheck disable=SC2086  # words
	if ! $aside ninja -C "$folder" --quiet -k 0 $targets >>"$log" 2>&1; then
		show "ninja -C $folder" "$log"
		return 1
	fi
}

# unit FOLDER TIME_FACTOR [TEST …]: six at a time, because most of them wait: for a relay, a lock, a disk, a slow client.
unit() {
	folder=$1 factor=$2
	shift 2
	log=$logs/$folder.log
	rm -f "$folder/meson-logs/testlog.json"
	if ! meson test -C "$folder" --no-rebuild --quiet --print-errorlogs --num-processes 6 --timeout-multiplier "$factor" "$@" >"$log" 2>&1 </dev/null; then
		show "meson test -C $folder" "$log"
	fi
	# shellcheck disable=SC2046  # three numbers
	set -- $(node tools/tally.mjs meson "$folder/meson-logs/testlog.json" 2>>"$logs/failed")
	say "    $1 passed, $2 failed, $3 skipped"
	add "$@"
}

# The server's and the store's tests, for ThreadSanitizer; only what they need is built.
threads='http_framing http_exchange http_slow http_limits http_held http_held_limits store_threads store_pool'
threads_built='tests/http/test_http_framing tests/http/test_http_exchange tests/http/test_http_slow tests/http/test_http_limits
	tests/http/test_http_held tests/http/test_http_held_limits tests/store/test_store_threads tests/store/test_store_pool'

# build_aside: the folders with sanitizers; each leaves FOLDER.built when it is ready.
build_aside() {
	aside='nice -n 15'
	build build-clang clang '' --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false && : >"$logs/build-clang.built"
	build build-tsan clang "$threads_built" --buildtype=debugoptimized -Db_sanitize=thread -Db_lundef=false && : >"$logs/build-tsan.built"
}

log_of() {
	echo "$logs/$(echo "$1" | tr / .).log"
}

# by_node FILE …: each file by itself, four at a time, because a person of a story mostly waits: for a mail, a lock that lifts, a page.
by_node() {
	for file in "$@"; do
		printf '%s\0%s\0' "$file" "$(log_of "$file")"
	done | BUILD=$PWD/build-gcc MADOGUCHI=$PWD/build-gcc/src/cmd/madoguchi POSTAL_CODES=$PWD/build-gcc/src/domain/postal.bin \
		xargs -0 -n 2 -P 4 sh -c 'timeout 1500 node --test --test-reporter=tap "$0" >"$1" 2>&1 </dev/null || echo "$0" >"$1.failed"'
	for file in "$@"; do
		log=$(log_of "$file")
		[ ! -f "$log.failed" ] || show "node --test $file" "$log"
		# shellcheck disable=SC2046  # three numbers
		add $(node tools/tally.mjs tap "$log" 2>>"$logs/failed")
	done
}

say "build with gcc"
if build build-gcc gcc '' --buildtype=release; then
	build_aside >"$logs/aside.log" 2>&1 &
	say "tests, gcc; builds with sanitizers"
	unit build-gcc 3
else
	add 0 1 0
	build_aside >"$logs/aside.log" 2>&1 &
fi

say "builds with sanitizers, what is left of them"
wait
cat "$logs/aside.log"

say "tests, clang and sanitizers"
if [ -f "$logs/build-clang.built" ]; then
	unit build-clang 6
else
	add 0 1 0
fi

say "threads, clang and ThreadSanitizer"
if [ -f "$logs/build-tsan.built" ]; then
	# shellcheck disable=SC2086  # words
	unit build-tsan 6 $threads
else
	add 0 1 0
fi

say "static tests and stories"
# The longest come first, so that none of four ends long after the others.
short=
for file in tests/static/*.mjs; do
	[ "$file" = tests/static/headers.mjs ] || short="$short $file"
done
# shellcheck disable=SC2086  # words
by_node tests/static/headers.mjs tests/forms/*.test.mjs tests/look/*.mjs tests/story/*.mjs tests/rules/*.mjs $short

say "done"
[ ! -s "$logs/failed" ] || sed 's/^/failed: /' "$logs/failed"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
