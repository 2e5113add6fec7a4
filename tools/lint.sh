#!/bin/sh
# lint.sh BUILD : slower readers of the code than compilers are. clang-tidy and gcc's analyser on base, crypto and what touches
# files of people; clang-tidy on domain too. BUILD is a build folder, for the generated headers. Says nothing when there is nothing to say.
set -u
cd "$(dirname "$0")/.." || exit 70
build=${1:-build}
if [ ! -d "$build/src" ]; then
	echo "lint.sh: $build is no build folder" >&2
	exit 64
fi

checks='-*,bugprone-*,cert-*,clang-analyzer-*,misc-redundant-expression,misc-static-assert,misc-unused-parameters,performance-*,readability-misleading-indentation,readability-redundant-*'
# What does not fit here, and why:
#   easily-swappable-parameters   every function of two numbers
#   reserved-identifier, dcl37    _GNU_SOURCE and cmocka
#   assignment-in-if              "(code = …) != DONE" is our way of leaving early
#   DeprecatedOrUnsafe…           wants Annex K, which no C library here has
#   macro-parentheses             of types and statements, where none can stand
#   err33-c                       fprintf to standard error, pthread_mutex_lock: nothing can be done
#   narrowing-conversions         -Wconversion does this
#   implicit-widening             sizes of small constants
#   sizeof-expression             vectors of pointers: sizeof of a pointer is what is meant
#   valist.Uninitialized          clang 14 does not see va_start in other files' functions
checks="$checks,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-cert-dcl37-c,-cert-dcl51-cpp"
checks="$checks,-bugprone-assignment-in-if-condition,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling"
checks="$checks,-bugprone-macro-parentheses,-cert-err33-c,-bugprone-narrowing-conversions,-bugprone-implicit-widening-of-multiplication-result"
checks="$checks,-bugprone-sizeof-expression,-clang-analyzer-valist.Uninitialized"

flags="-std=gnu17 -D_GNU_SOURCE -Isrc -I$build/src -include base/banned.h -Wall -Wextra"
bad=0

# shellcheck disable=SC2086  # flags are words
clang-tidy --quiet --warnings-as-errors='*' --checks="$checks" src/base/*.c src/blob/*.c src/check/[a-s]*.c src/check/task*.c src/crypto/*.c src/domain/*.c src/domain/*/*.c src/sandbox/*.c src/scan/*.c -- $flags 2>/dev/null || bad=1

for file in src/base/*.c src/blob/*.c src/check/[a-s]*.c src/check/task*.c src/crypto/*.c src/sandbox/*.c src/scan/*.c; do
	# shellcheck disable=SC2086
	gcc $flags -O1 -fanalyzer -Werror -c -o /dev/null "$file" || bad=1
done
exit $bad
