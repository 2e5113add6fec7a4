#ifndef TESTS_UNIT_CONF_BAD_H
#define TESTS_UNIT_CONF_BAD_H

#include "base/str.h"

/* Bad configurations, and what must be said about each. The file is called a.conf. */

#define Z                                                                                          \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaa"

/* A file, and what is said about it. */
static const struct {
	struct str text;
	const char *problems;
} bad[] = {
	/* Lines */
	{STR_INIT("workers"), "a.conf:1: workers: has no '=': a line is \"key = value\"\n"},
	{STR_INIT("\n\nworkers 3\n"), "a.conf:3: workers: has no '=': a line is \"key = value\"\n"},
	{STR_INIT("= 3\n"), "a.conf:1: has no key before '='\n"},
	{STR_INIT("[mail]\n"), "a.conf:1: there are no [sections]\n"},
	{STR_INIT("workers = 3\0\n"), "a.conf:1: the line holds a NUL byte\n"},
	{STR_INIT("service_name_en = caf\xe9\n"), "a.conf:1: service_name_en: is not UTF-8\n"},
	{STR_INIT("service_name_en = a\x1b[31mb\n"),
		"a.conf:1: service_name_en: holds an invisible character\n"},
	{STR_INIT("service_name_en = a\xe2\x80\xae"
		  "b\n"),
		"a.conf:1: service_name_en: holds an invisible character\n"},
	{STR_INIT("base_url = https://a.example\rmail_relay = smtp://b:1\n"),
		"a.conf:1: base_url: holds an invisible character\n"},
	/* Keys */
	{STR_INIT("colour = red\n"), "a.conf:1: colour: unknown key\n"},
	{STR_INIT("worker = 3\n"), "a.conf:1: worker: unknown key; did you mean workers?\n"},
	{STR_INIT("Workers = 3\n"), "a.conf:1: Workers: unknown key; did you mean workers?\n"},
	{STR_INIT("mail-from = a@b.example\n"),
		"a.conf:1: mail-from: unknown key; did you mean mail_from?\n"},
	{STR_INIT("\x1b[2Jworkers = 3\n"), "a.conf:1: unknown key\n"},
	{STR_INIT("workers = 3\nworkers = 3\n"),
		"a.conf:2: workers: is given twice; the first time in line 1\n"},
	{STR_INIT("workers = 3\n\n#\nworkers = 4\nworkers = 5\n"),
		"a.conf:4: workers: is given twice; the first time in line 1\n"
		"a.conf:5: workers: is given twice; the first time in line 1\n"},
	/* Numbers */
	{STR_INIT("workers =\n"), "a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("workers = 0\n"), "a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("workers = 257\n"), "a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("workers = -1\n"), "a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("workers = 3.5\n"), "a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("workers = 0x10\n"), "a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("workers = 8 # eight\n"),
		"a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("workers = 99999999999999999999999\n"),
		"a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("login_tries = five\n"),
		"a.conf:1: login_tries: must be a whole number from 1 to 100\n"},
	{STR_INIT("draft_days = 9\n"),
		"a.conf:1: draft_days: must be a whole number from 10 to 3650\n"},
	/* Times and sizes */
	{STR_INIT("session_idle = 30\n"), "a.conf:1: session_idle: must be from 5 m to 1 d, a "
					  "number and one of the units ms s m h d\n"},
	{STR_INIT("session_idle = 30 min\n"), "a.conf:1: session_idle: must be from 5 m to 1 d, a "
					      "number and one of the units ms s m h d\n"},
	{STR_INIT("session_idle = 299 s\n"), "a.conf:1: session_idle: must be from 5 m to 1 d, a "
					     "number and one of the units ms s m h d\n"},
	{STR_INIT("session_idle = 25 h\n"), "a.conf:1: session_idle: must be from 5 m to 1 d, a "
					    "number and one of the units ms s m h d\n"},
	{STR_INIT("session_idle = 9223372036854775807 d\n"),
		"a.conf:1: session_idle: must be from 5 m to 1 d, a number and one of the units ms "
		"s m h d\n"},
	{STR_INIT("session_idle = m\n"), "a.conf:1: session_idle: must be from 5 m to 1 d, a "
					 "number and one of the units ms s m h d\n"},
	{STR_INIT("database_cache = 8M\n"), "a.conf:1: database_cache: must be from 256 KiB to 4 "
					    "GiB, a number and one of the units B KiB MiB GiB\n"},
	{STR_INIT("database_cache = 1 KiB\n"),
		"a.conf:1: database_cache: must be from 256 KiB to 4 GiB, a number and one of the "
		"units B KiB MiB GiB\n"},
	/* Words */
	{STR_INIT("trust_proxy = true\n"), "a.conf:1: trust_proxy: must be yes or no\n"},
	{STR_INIT("log_level = verbose\n"),
		"a.conf:1: log_level: must be one of debug info warn error\n"},
	{STR_INIT("mail_tls = optional\n"), "a.conf:1: mail_tls: must be one of required none\n"},
	{STR_INIT("login_policy = Manual\n"),
		"a.conf:1: login_policy: must be one of manual delays\n"},
	{STR_INIT("card_policy = test\n"), "a.conf:1: card_policy: must be one of simulation production\n"},
	{STR_INIT("card_bindback = never\n"), "a.conf:1: card_bindback: must be one of first_link always off\n"},
	{STR_INIT("card_p384 = 1\n"), "a.conf:1: card_p384: must be yes or no\n"},
	{STR_INIT("card_anchors = anchors\n"),
		"a.conf:1: card_anchors: must be an absolute path: it begins with /\n"},
	{STR_INIT("card_ocsp_url = ldap://x\n"), "a.conf:1: card_ocsp_url: must begin with https:// or http://\n"},
	{STR_INIT("card_ocsp_url = http://u@x/\n"),
		"a.conf:1: card_ocsp_url: holds a character that this URL cannot hold\n"},
	{STR_INIT("card_ocsp_url = http:///ocsp\n"), "a.conf:1: card_ocsp_url: has no valid host name\n"},
	{STR_INIT("card_ocsp_url = http://x:0/\n"), "a.conf:1: card_ocsp_url: the port must be a number from 1 to 65535\n"},
	{STR_INIT("card_rp = xx:yy\n"), "a.conf:1: card_rp: must begin with rp:\n"},
	{STR_INIT("card_rp = rp:A\n"), "a.conf:1: card_rp: may hold a-z, digits and hyphens only, after rp:\n"},
	{STR_INIT("card_app_name = \n"), "a.conf:1: card_app_name: must not be empty\n"},
	/* Places */
	{STR_INIT("data = data\n"), "a.conf:1: data: must be an absolute path: it begins with /\n"},
	{STR_INIT("data = \n"), "a.conf:1: data: must not be empty\n"},
	{STR_INIT("data = /a?b\n"),
		"a.conf:1: data: must not hold '?' when the database lies in it\n"},
	{STR_INIT("data = /var/lib/../../etc\n"), "a.conf:1: data: must not hold \"..\"\n"},
	{STR_INIT("mail_password_file = credential:../x\n"),
		"a.conf:1: mail_password_file: credential: must be followed by the name of a "
		"credential\n"},
	{STR_INIT("mail_user = u\nmail_relay = smtp://r:25\nmail_from = "
		  "a@b.example\nmail_password_file = credential:x\n"),
		"a.conf:4: mail_password_file: the service manager has passed no credentials\n"},
	{STR_INIT("database = mysql://localhost\n"),
		"a.conf:1: database: must begin with sqlite: or postgresql://\n"},
	{STR_INIT("database = sqlite:madoguchi.db\n"),
		"a.conf:1: database: sqlite: must be followed by the absolute path of a file\n"},
	{STR_INIT("database = sqlite:/x.db?mode=memory\n"),
		"a.conf:1: database: the path of the database must not hold '?'\n"},
	{STR_INIT("database = postgresql://h/d?password=x\n"),
		"a.conf:1: database: must not hold a password among its parameters: use "
		"passfile=\n"},
	{STR_INIT("database = postgresql://h/d?a=1&p%61ssword=x\n"),
		"a.conf:1: database: must not hold a password among its parameters: use "
		"passfile=\n"},
	/* The listener */
	{STR_INIT("listen = 8080\n"), "a.conf:1: listen: must be address:port or unix:/path\n"},
	{STR_INIT("listen = 127.0.0.1:65536\n"),
		"a.conf:1: listen: the port must be a number up to 65535\n"},
	{STR_INIT("listen = 127.0.0.1:80,\n"),
		"a.conf:1: listen: has an empty member between its commas\n"},
	{STR_INIT("listen = 127.0.0.1:80, 127.0.0.1:80\n"),
		"a.conf:1: listen: has the same member twice\n"},
	{STR_INIT("listen =\n"), "a.conf:1: listen: must not be empty\n"},
	{STR_INIT("listen = "
		  "1:1,1:2,1:3,1:4,1:5,1:6,1:7,1:8,1:9,1:10,1:11,1:12,1:13,1:14,1:15,1:16,1:17\n"),
		"a.conf:1: listen: has more than 16 members\n"},
	{STR_INIT("listen = unix:x.sock\n"),
		"a.conf:1: listen: unix: must be followed by an absolute path\n"},
	{STR_INIT("listen = unix:/" Z Z "\n"),
		"a.conf:1: listen: the path of a Unix socket has at most 107 bytes\n"},
	{STR_INIT("listen = [::1:80\n"), "a.conf:1: listen: must be address:port or unix:/path\n"},
	/* Addresses */
	{STR_INIT("base_url = example.jp\n"), "a.conf:1: base_url: must begin with https://\n"},
	{STR_INIT("base_url = http://example.jp\n"),
		"a.conf:1: base_url: must be https:// except for this machine itself\n"},
	{STR_INIT("base_url = http://localhost.evil.example\n"),
		"a.conf:1: base_url: must be https:// except for this machine itself\n"},
	{STR_INIT("base_url = https://example.jp/\n"),
		"a.conf:1: base_url: must end after the host or port: no path, no slash\n"},
	{STR_INIT("base_url = https://u@example.jp\n"),
		"a.conf:1: base_url: must be https://host, with a port if need be, and nothing "
		"else\n"},
	{STR_INIT("base_url = https://example.jp:0\n"),
		"a.conf:1: base_url: the port must be a number from 1 to 65535\n"},
	{STR_INIT("base_url = https://\n"), "a.conf:1: base_url: has no valid host name\n"},
	{STR_INIT("base_url = https://-a.example\n"),
		"a.conf:1: base_url: has no valid host name\n"},
	{STR_INIT("contact_phone = call us\n"),
		"a.conf:1: contact_phone: may hold digits, blanks and + - ( ) only\n"},
	{STR_INIT("service_name_en =\n"), "a.conf:1: service_name_en: must not be empty\n"},
	{STR_INIT("service_name_en = " Z "\n"),
		"a.conf:1: service_name_en: is longer than 60 characters\n"},
	{STR_INIT("service_name_en = office@example.jp\n"),
		"a.conf:1: service_name_en: must not hold '@': mail programs would show it as an "
		"address\n"},
	/* Mail */
	{STR_INIT("mail_from = office\n"), "a.conf:1: mail_from: is not a mail address\n"},
	{STR_INIT("mail_from = Office <a@b.example>\n"),
		"a.conf:1: mail_from: is not a mail address\n"},
	{STR_INIT("mail_from = a@b.example, c@d.example\n"),
		"a.conf:1: mail_from: is not a mail address\n"},
	{STR_INIT("mail_relay = mail.example.jp\n"),
		"a.conf:1: mail_relay: must begin with smtp:// or smtps://\n"},
	{STR_INIT("mail_relay = smtp://mail.example.jp\n"),
		"a.conf:1: mail_relay: must be smtp://host:port or smtps://host:port\n"},
	{STR_INIT("mail_relay = smtp://u:p@mail.example.jp:25\n"),
		"a.conf:1: mail_relay: must not hold a user or password: mail_user and "
		"mail_password_file are for that\n"},
	/* Between values */
	{STR_INIT("session_idle = 2 h\nsession_total = 1 h\n"),
		"a.conf:1: session_idle: must not be longer than session_total\n"},
	{STR_INIT("mail_relay = smtp://r:25\nmail_from = a@b.example\nmail_user = u\n"),
		"a.conf:3: mail_user: needs mail_password_file\n"},
	{STR_INIT("mail_password_file = /x\n"), "a.conf:1: mail_password_file: needs mail_user\n"},
	{STR_INIT("mail_user = u\nmail_password_file = /x\n"),
		"a.conf:1: mail_user: needs mail_relay\n"},
	{STR_INIT("mail_relay = smtp://r:25\n"), "the default: mail_from: must be an address of a "
						 "real domain when there is a mail_relay\n"},
	{STR_INIT("mail_relay = smtp://r:25\nmail_from = a@b.example\nmail_user = "
		  "u\nmail_password_file = /x\nmail_tls = none\n"),
		"a.conf:5: mail_tls: must be required when there is a mail_user: the password "
		"would be sent in the clear\n"},
	{STR_INIT("mail_relay = smtps://r:465\nmail_from = a@b.example\nmail_tls = none\n"),
		"a.conf:3: mail_tls: contradicts mail_relay, which begins with smtps://\n"},
	{STR_INIT("trust_proxy = yes\n"),
		"a.conf:1: trust_proxy: needs a base_url that begins with https://\n"},
	/* Everything at once: all of it is told. */
	{STR_INIT("workers = 0\nnonsense\nlog_level = x\n"),
		"a.conf:1: workers: must be a whole number from 1 to 256\n"
		"a.conf:2: nonsense: has no '=': a line is \"key = value\"\n"
		"a.conf:3: log_level: must be one of debug info warn error\n"},
};

#endif
