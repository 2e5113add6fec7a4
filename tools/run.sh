#!/bin/sh
# make run: the counter on SQLite with invented people, in the folder of data given. A second start keeps what is there.
set -eu
build=$(realpath "$1") data=$2 listen=$3
shift 3
program=$build/src/cmd/madoguchi
if [ ! -f "$data/madoguchi.db" ]; then
	echo "People of the demonstration (log in with the user ID or the mail address):"
	"$program" admin demo --data "$data" --procedures "$PWD/procedures" --postal_codes "$build/src/domain/postal.bin" | tee "$data.demo"
	mv "$data.demo" "$data/demo.txt"
else
	[ ! -f "$data/demo.txt" ] || { echo "People of the demonstration:"; cat "$data/demo.txt"; }
fi
echo
echo "  The counter   http://$listen/"
echo "  Its mails     http://$listen/development/mail   (files in $data/mail)"
echo "  Stop with Ctrl-C; the data stay in $data"
echo
case " $* " in *" --log_level "*) ;; *) set -- --log_level warn "$@" ;; esac
exec "$program" run --data "$data" --listen "$listen" --base_url "http://$listen" \
	--procedures "$PWD/procedures" --postal_codes "$build/src/domain/postal.bin" "$@"
