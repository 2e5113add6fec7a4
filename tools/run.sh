#!/bin/sh
# make run: the counter on SQLite with invented people, in the folder of data given, and beside it what plays the outside
# world: an authority with its OCSP responder, cards, the phone app as a page, and the service that knows about taxes. A second
# start keeps what is there.
#
#   run.sh BUILD DATA LISTEN [OPTION …]      options are the counter's
#   PHONE, OCSP, SELFINFO                    where phone, responder and tax service listen (defaults 127.0.0.1:8090, :8091, :8092)
set -eu
build=$(realpath "$1") data=$2 listen=$3
shift 3
phone=${PHONE:-127.0.0.1:8090} ocsp=${OCSP:-127.0.0.1:8091} selfinfo=${SELFINFO:-127.0.0.1:8092}
program=$build/src/cmd/madoguchi simca=$build/sim/ca/simca softcard=$build/sim/card/softcard simphone=$build/sim/phone/simphone
simselfinfo=$build/sim/selfinfo/simselfinfo
simulation=$data.simulation
origin=http://$listen

started=
end() {
	trap - EXIT INT TERM
	for pid in $started; do kill "$pid" 2>/dev/null || true; done
	wait
}
trap end EXIT
trap 'end; exit 0' INT TERM

people() {
	echo "People of the demonstration (log in with the user ID or the mail address):"
}

if [ ! -f "$data/madoguchi.db" ]; then
	people
	"$program" admin demo --data "$data" --procedures "$PWD/procedures" --postal_codes "$build/src/domain/postal.bin" | tee "$data.demo"
	mv "$data.demo" "$data/demo.txt"
elif [ -f "$data/demo.txt" ]; then
	people
	cat "$data/demo.txt"
fi

if [ ! -f "$simulation/cards.txt" ]; then
	rm -rf "$simulation"
	mkdir -m 700 "$simulation"
	"$simca" init "$simulation/authority" >/dev/null
	"$softcard" cast "$simulation/cards" --ca "$simulation/authority" >"$simulation/cards.new"
	(umask 077 && openssl rand -hex 32 >"$simulation/selfinfo.secret")
	mv "$simulation/cards.new" "$simulation/cards.txt"
fi
"$simca" crl "$simulation/authority" >/dev/null
echo
echo "My Number Cards of the demonstration:"
sed "s|$simulation/cards/||" "$simulation/cards.txt"

"$simca" ocsp "$simulation/authority" --listen "$ocsp" >"$simulation/ocsp.log" 2>&1 &
started=$!
"$simselfinfo" --redirect "$origin/tax/cb" --secret-file "$simulation/selfinfo.secret" --listen "$selfinfo" >"$simulation/selfinfo.log" 2>&1 &
started="$started $!"

case " $* " in *" --log_level "*) ;; *) set -- --log_level warn "$@" ;; esac
"$program" run --data "$data" --listen "$listen" --base_url "$origin" \
	--procedures "$PWD/procedures" --postal_codes "$build/src/domain/postal.bin" \
	--card_anchors "$simulation/authority/anchors" --card_ocsp_url "http://$ocsp" --card_policy simulation --card_p384 yes \
	--tax_auth_url "http://$selfinfo/oauth/authorize" --tax_token_url "http://$selfinfo/oauth/token" \
	--tax_request_url "http://$selfinfo/request" --tax_result_url "http://$selfinfo/result" \
	--tax_client_id madoguchi --tax_secret_file "$(realpath "$simulation/selfinfo.secret")" "$@" &
counter=$!
started="$started $counter"

# The phone knows the portals whose keys it has been given, as an app does that comes with its list.
tries=0
until "$simphone" trust "$origin" --id rp:madoguchi --home "$simulation/phone" >"$simulation/phone.log" 2>&1; do
	tries=$((tries + 1))
	if [ "$tries" = 50 ] || ! kill -0 "$counter" 2>/dev/null; then
		cat "$simulation/phone.log" >&2
		exit 70
	fi
	sleep 0.2
done
"$simphone" serve --home "$simulation/phone" --cards "$simulation/cards" --listen "$phone" >>"$simulation/phone.log" 2>&1 &
started="$started $!"

echo
echo "  The counter   $origin/"
echo "  Its mails     $origin/development/mail   (files in $data/mail)"
echo "  The phone     http://$phone/   (scan the counter's QR code with it: paste the text under the code)"
echo "  Stop with Ctrl-C; the data stay in $data and $simulation"
echo
wait "$counter"
