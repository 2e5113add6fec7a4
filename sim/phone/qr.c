#include "sim/phone/qr.h"

#include "base/arena.h"
#include "base/encode.h"

#define TX_CHARS 26
#define CLAIM_CHARS 22

static bool all_of(struct str s, const char *allowed)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\0' || !strchr(allowed, s.p[i]))
			return false;
	}
	return s.n > 0;
}

/* 26 characters of 5 bits are a number of 128: the first is at most 7. */
static bool is_tx(struct str s)
{
	return s.n == TX_CHARS && s.p[0] <= '7' && all_of(s, "0123456789ABCDEFGHJKMNPQRSTVWXYZ");
}

static bool is_claim(struct str s)
{
	AUTO_ARENA arena;
	struct str bytes;
	arena_init(&arena, 4096);
	return s.n == CLAIM_CHARS && !failed(base64url_read(&arena, s, &bytes)) && bytes.n == 16;
}

static bool is_port(struct str s, bool https)
{
	uint64_t port;
	if (s.n > 5 || !all_of(s, "0123456789") || s.p[0] == '0' || !str_to_u64(s, &port))
		return false;
	return port <= 65535 && port != (https ? 443 : 80);
}

/* Labels of a name, or a number with dots. Each begins and ends with a letter or a digit. */
static bool is_host(struct str s)
{
	struct str rest = s, label;
	if (s.n == 0 || s.n > 120 || s.p[s.n - 1] == '.')
		return false;
	while (str_next(&rest, '.', &label)) {
		if (!all_of(label, "abcdefghijklmnopqrstuvwxyz0123456789-") || label.n > 63 ||
			label.p[0] == '-' || label.p[label.n - 1] == '-')
			return false;
	}
	return true;
}

static bool is_here(struct str host)
{
	return str_eq(host, STR("localhost")) || str_eq(host, STR("127.0.0.1")) ||
	       str_eq(host, STR("[::1]"));
}

bool qr_is_origin(struct str text)
{
	bool https = str_starts(text, STR("https://"));
	if (!https && !str_starts(text, STR("http://")))
		return false;
	struct str host = str_skip(text, https ? 8 : 7), port = {0};
	if (str_starts(host, STR("[::1]"))) {
		port = str_skip(host, 5);
		host = str_sub(host, 0, 5);
	} else {
		ptrdiff_t colon = str_find_byte(host, ':');
		if (colon >= 0) {
			port = str_skip(host, (size_t)colon);
			host = str_sub(host, 0, (size_t)colon);
		}
		if (!is_host(host))
			return false;
	}
	if (!str_empty(port) && (port.p[0] != ':' || !is_port(str_skip(port, 1), https)))
		return false;
	return https || is_here(host);
}

err qr_read(struct str text, struct qr *out)
{
	ptrdiff_t path = str_find(text, STR("/q#1."));
	if (text.n > QR_TEXT_MOST || path < 0)
		return fail(ERR_INVALID, "no code of a portal");
	struct str rest = str_skip(text, (size_t)path + 5);
	ptrdiff_t dot = str_find_byte(rest, '.');
	if (dot < 0)
		return fail(ERR_INVALID, "no code of a portal");
	struct qr qr = {
		.origin = str_sub(text, 0, (size_t)path),
		.tx = str_sub(rest, 0, (size_t)dot),
		.claim = str_skip(rest, (size_t)dot + 1),
	};
	if (!qr_is_origin(qr.origin) || !is_tx(qr.tx) || !is_claim(qr.claim))
		return fail(ERR_INVALID, "no code of a portal");
	*out = qr;
	return ok();
}
