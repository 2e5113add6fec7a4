#!/bin/sh
# render.sh FOLDER SOCKET HTTP_PORT HTTPS_PORT NAME : makes of madoguchi.conf a whole configuration that an ordinary user can start, on loopback
# ports and with every file in FOLDER, which must hold fullchain.pem and privkey.pem. SOCKET is the program's. The tests use
# it, so that what they test is the file that is installed:
#
#   packaging/nginx/render.sh FOLDER SOCKET 8080 8443 localhost && nginx -p FOLDER -c FOLDER/nginx.conf
set -eu
if [ $# != 5 ]; then
	sed -n '2,6s/^# //p' "$0" >&2
	exit 64
fi
folder=$1 socket=$2 http=$3 https=$4 name=$5
here=$(dirname "$0")
mkdir -p "$folder/cache" "$folder/temp"
# Started by root, nginx would become a user who cannot see the folder.
user=
if [ "$(id -u)" = 0 ]; then user='user root;'; fi

# Ports come into redirects and into the Host line, because these are not the usual ones.
sed -e "s|listen 80\\([; ]\\)|listen 127.0.0.1:$http\\1|" -e "s|listen 443\\([; ]\\)|listen 127.0.0.1:$https\\1|" -e '/listen \[::\]/d' \
	-e "s|madoguchi\\.example\\.jp|$name|" \
	-e "s|return 301 https://\\\$server_name|return 301 https://\\\$server_name:$https|" \
	-e "s|proxy_set_header Host \\\$host;|proxy_set_header Host \\\$host:$https;|" \
	-e "s|/etc/nginx/madoguchi/|$folder/|" \
	-e "s|/var/cache/nginx/madoguchi|$folder/cache|" \
	-e "s|/var/log/nginx/|$folder/|" \
	-e "s|/run/madoguchi/closed|$folder/closed|" \
	-e "s|unix:/run/madoguchi/http.sock|unix:$socket|" \
	"$here/madoguchi.conf" >"$folder/site.conf"

cat >"$folder/nginx.conf" <<END
$user
worker_processes 1;
daemon off;
pid $folder/nginx.pid;
error_log $folder/error.log warn;
events {
	worker_connections 1024;
}
http {
	client_body_temp_path $folder/temp/body;
	proxy_temp_path $folder/temp/proxy;
	fastcgi_temp_path $folder/temp/fastcgi;
	uwsgi_temp_path $folder/temp/uwsgi;
	scgi_temp_path $folder/temp/scgi;
	access_log off;
	default_type application/octet-stream;
	include $folder/site.conf;
}
END
