#include "cmd/conf_table.h"

#include "net/mail_address.h"

/* Forms that belong to one key: addresses to listen on, URLs, mail addresses. */

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

/* Printable ASCII without blanks, quotes, or what a URL cannot hold. */
static bool is_url_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || strchr("\"<>\\^`{|}", s.p[i]))
			return false;
	return true;
}

static bool is_port(struct str port, int64_t least)
{
	int64_t value;

	return is_digits(port) && port.n <= 5 && str_to_i64(port, &value) && value >= least &&
	       value <= 65535;
}

/* "name", "192.0.2.1", "[2001:db8::1]": letters, digits, dots, hyphens; in brackets hex digits,
 * colons, dots. */
static bool is_host(struct str host)
{
	bool brackets = host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
	struct str inner = brackets ? str_sub(host, 1, host.n - 2) : host;

	if (!inner.n || inner.n > 253 || inner.p[0] == '-' || inner.p[0] == '.')
		return false;
	for (size_t i = 0; i < inner.n; i++) {
		unsigned char c = (unsigned char)inner.p[i];
		if (c > 127 || !(brackets ? isxdigit(c) || c == ':' || c == '.'
					  : isalnum(c) || c == '.' || c == '-'))
			return false;
	}
	return true;
}

/* Divides "host:port" at its last colon that stands outside brackets; false: no port. */
static bool host_port(struct str text, struct str *host, struct str *port)
{
	for (size_t i = text.n; i > 0; i--) {
		if (text.p[i - 1] == ']')
			return false;
		if (text.p[i - 1] == ':') {
			*host = str_sub(text, 0, i - 1);
			*port = str_skip(text, i);
			return true;
		}
	}
	return false;
}

static bool is_this_machine(struct str host)
{
	return str_eq(host, STR("localhost")) || str_eq(host, STR("127.0.0.1")) ||
	       str_eq(host, STR("[::1]"));
}

const char *conf_rule_listen(struct str value)
{
	struct str host, port;

	if (str_starts(value, STR("unix:"))) {
		struct str path = str_skip(value, 5);
		if (!path.n || path.p[0] != '/')
			return "unix: must be followed by an absolute path";
		/* sockaddr_un holds 108 bytes with the NUL at the end. */
		return path.n > 107 ? "the path of a Unix socket has at most 107 bytes" : NULL;
	}
	if (!host_port(value, &host, &port) || !is_host(host))
		return "must be address:port or unix:/path";
	return is_port(port, 0) ? NULL : "the port must be a number up to 65535";
}

const char *conf_rule_base_url(struct str value)
{
	struct str rest, host, port;
	bool tls = str_starts(value, STR("https://"));

	if (!tls && !str_starts(value, STR("http://")))
		return "must begin with https://";
	rest = str_skip(value, tls ? 8 : 7);
	if (!is_url_text(rest) || str_find_byte(rest, '@') >= 0)
		return "must be https://host, with a port if need be, and nothing else";
	if (str_find_byte(rest, '/') >= 0 || str_find_byte(rest, '?') >= 0 ||
		str_find_byte(rest, '#') >= 0)
		return "must end after the host or port: no path, no slash";
	host = rest;
	if (host_port(rest, &host, &port) && !is_port(port, 1))
		return "the port must be a number from 1 to 65535";
	if (!is_host(host))
		return "has no valid host name";
	return tls || is_this_machine(host) ? NULL
					    : "must be https:// except for this machine itself";
}

/* Of another service: https, or this machine itself for a simulation; a path, and no query: parameters are ours to add. */
/* What stands behind "https://": a host, perhaps a port, perhaps a path. NULL: good. */
static const char *host_of_url(struct str rest, struct str *host)
{
	ptrdiff_t slash = str_find_byte(rest, '/');
	struct str port;

	*host = rest = slash < 0 ? rest : str_sub(rest, 0, (size_t)slash);
	if (host_port(rest, host, &port) && !is_port(port, 1))
		return "the port must be a number from 1 to 65535";
	return is_host(*host) ? NULL : "has no valid host name";
}

const char *conf_rule_url(struct str value)
{
	bool tls = str_starts(value, STR("https://"));

	if (!tls && !str_starts(value, STR("http://")))
		return "must begin with https://";
	struct str rest = str_skip(value, tls ? 8 : 7), host;

	if (!is_url_text(rest) || str_find_byte(rest, '@') >= 0 || str_find_byte(rest, '?') >= 0 ||
		str_find_byte(rest, '#') >= 0)
		return "must be https://host/path, with a port if need be, and nothing else";
	const char *fault = host_of_url(rest, &host);

	if (fault)
		return fault;
	return tls || is_this_machine(host) ? NULL
					    : "must be https:// except for this machine itself";
}

const char *conf_rule_relay(struct str value)
{
	struct str rest, host, port;
	bool tls = str_starts(value, STR("smtps://"));

	if (!tls && !str_starts(value, STR("smtp://")))
		return "must begin with smtp:// or smtps://";
	rest = str_skip(value, tls ? 8 : 7);
	if (str_find_byte(rest, '@') >= 0)
		return "must not hold a user or password: mail_user and mail_password_file are for "
		       "that";
	if (!host_port(rest, &host, &port) || !is_host(host))
		return "must be smtp://host:port or smtps://host:port";
	return is_port(port, 1) ? NULL : "the port must be a number from 1 to 65535";
}

/* A password has one place, before the '@', so that it can be masked; libpq decodes %XX in the
 * names of parameters too. */
static bool has_secret_parameter(struct str url)
{
	ptrdiff_t mark = str_find_byte(url, '?');
	struct str rest = mark < 0 ? STR("") : str_skip(url, (size_t)mark + 1), part, name;

	while (str_next(&rest, '&', &part)) {
		struct str value = part;
		if (str_next(&value, '=', &name) &&
			(str_find(name, STR("password")) >= 0 || str_find_byte(name, '%') >= 0))
			return true;
	}
	return false;
}

const char *conf_rule_database(struct str value)
{
	if (str_starts(value, STR("sqlite:"))) {
		struct str path = str_skip(value, 7);
		if (!path.n || path.p[0] != '/' || path.p[path.n - 1] == '/')
			return "sqlite: must be followed by the absolute path of a file";
		return str_find_byte(path, '?') >= 0 ? "the path of the database must not hold '?'"
						     : NULL;
	}
	if (!str_starts(value, STR("postgresql://")))
		return "must begin with sqlite: or postgresql://";
	if (!is_url_text(value))
		return "holds a character that a URL cannot hold";
	return has_secret_parameter(value)
		       ? "must not hold a password among its parameters: use passfile="
		       : NULL;
}

const char *conf_rule_mail(struct str value)
{
	return mail_address_valid(value) ? NULL : "is not a mail address";
}

const char *conf_rule_mail_name(struct str value)
{
	return str_find_byte(value, '@') >= 0
		       ? "must not hold '@': mail programs would show it as an address"
		       : NULL;
}

const char *conf_rule_phone(struct str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (!strchr("0123456789+-() ", value.p[i]))
			return "may hold digits, blanks and + - ( ) only";
	return NULL;
}

const char *conf_rule_web_url(struct str value)
{
	bool tls = str_starts(value, STR("https://"));

	if (!tls && !str_starts(value, STR("http://")))
		return "must begin with https:// or http://";
	struct str rest = str_skip(value, tls ? 8 : 7), host;

	if (!is_url_text(rest) || str_find_byte(rest, '@') >= 0 || str_find_byte(rest, '#') >= 0)
		return "holds a character that this URL cannot hold";
	return host_of_url(rest, &host);
}

const char *conf_rule_rp(struct str value)
{
	struct str name = str_skip(value, 3);

	for (size_t i = 0; i < name.n; i++)
		if (!islower((unsigned char)name.p[i]) && !isdigit((unsigned char)name.p[i]) && name.p[i] != '-')
			return "may hold a-z, digits and hyphens only, after rp:";
	return str_starts(value, STR("rp:")) && name.n > 0 ? NULL : "must begin with rp:";
}

bool conf_url_secret(struct str url, size_t *from, size_t *count)
{
	ptrdiff_t scheme = str_find(url, STR("://"));

	if (scheme < 0)
		return false;
	size_t start = (size_t)scheme + 3;
	struct str authority = str_skip(url, start);
	size_t end = 0;
	while (end < authority.n && !strchr("/?#", authority.p[end]))
		end++;
	authority.n = end;
	ptrdiff_t colon = str_find_byte(authority, ':');
	ptrdiff_t at = -1;
	for (size_t i = 0; i < authority.n; i++)
		if (authority.p[i] == '@')
			at = (ptrdiff_t)i;
	if (at < 0 || colon < 0 || colon > at)
		return false;
	*from = start + (size_t)colon + 1;
	*count = (size_t)(at - colon - 1);
	return *count > 0;
}
