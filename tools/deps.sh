#!/bin/sh
# Installs what is missing: the Debian packages named in the file given, and the npm packages of package-lock.json.
# Says nothing when everything is there. Needs root (or sudo) only when something is missing.
set -eu
list=$1
missing=
for package in $(sed 's/#.*//' "$list"); do
	case $package in
	nodejs | npm) # any Node.js ≥ 18 will do, wherever it came from
		if command -v "$(echo "$package" | sed 's/nodejs/node/')" >/dev/null 2>&1; then continue; fi ;;
	esac
	if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$'; then
		missing="$missing $package"
	fi
done
if [ -n "$missing" ]; then
	echo "installing:$missing"
	as_root=
	if [ "$(id -u)" != 0 ]; then as_root=sudo; fi
	$as_root apt-get update -qq
	# shellcheck disable=SC2086  # words are meant to split
	DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
	echo "installing: npm packages"
	npm ci --no-audit --no-fund --silent
	touch node_modules/.package-lock.json
fi
