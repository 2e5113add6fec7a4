#include "net/fetch.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/vec.h"

#include <curl/curl.h>

struct transfer {
	struct arena *arena;
	struct buf body;
	VEC(struct fetch_header) headers;
	size_t head_bytes;
	bool over; /* a limit of the answer */
};

/* ---- the request ---- */

static bool printable(struct str text, bool blanks)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < ' ' || text.p[i] > '~' || (!blanks && text.p[i] == ' '))
			return false;
	return true;
}

static bool is_token(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!isalnum((unsigned char)text.p[i]) && !strchr("!#$%&'*+-.^_`|~", text.p[i]))
			return false;
	return text.n > 0;
}

/* What frames the message is written here and nowhere else. */
static bool is_ours(struct str name)
{
	static const struct str names[] = {
		STR_INIT("host"),
		STR_INIT("content-length"),
		STR_INIT("transfer-encoding"),
		STR_INIT("connection"),
		STR_INIT("expect"),
	};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_eq_nocase(name, names[i]))
			return true;
	return false;
}

/* Host and port, for the log. */
static struct str authority(struct str url)
{
	struct str rest = str_skip(url, (size_t)str_find(url, STR("://")) + 3);
	size_t n = 0;
	while (n < rest.n && !strchr("/?#", rest.p[n]))
		n++;
	return str_sub(rest, 0, n);
}

static err check(const struct fetch *request)
{
	struct str url = request->url;
	if (!str_starts(url, STR("https://")) && !str_starts(url, STR("http://")))
		return fail(ERR_INVALID, "fetch: neither https:// nor http://");
	struct str host = authority(url);
	if (!host.n || str_find_byte(host, '@') >= 0 || str_find_byte(url, '#') >= 0 ||
		url.n > LIMIT_FETCH_URL || !printable(url, false))
		return fail(ERR_INVALID, "fetch: not a URL to be fetched");
	if (!str_absent(request->method) && !is_token(request->method))
		return fail(ERR_INVALID, "fetch: not a method");
	for (size_t i = 0; i < request->header_count; i++)
		if (!is_token(request->headers[i].name) || is_ours(request->headers[i].name) ||
			!printable(request->headers[i].value, true))
			return fail(ERR_INVALID, "fetch: not a header to be sent");
	return ok();
}

static bool append(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);
	if (longer)
		*list = longer;
	return longer != NULL;
}

static err make_headers(struct arena *arena, const struct fetch *request, struct curl_slist **list)
{
	/* Before a longer body libcurl would wait a second for a 100, and call every body a form.
	 */
	bool done = append(list, "Expect:") && append(list, "Connection: close");
	bool typed = false;
	for (size_t i = 0; i < request->header_count; i++)
		typed = typed || str_eq_nocase(request->headers[i].name, STR("content-type"));
	done = done && (typed || append(list, "Content-Type:"));
	for (size_t i = 0; done && i < request->header_count; i++) {
		const struct fetch_header *header = &request->headers[i];
		/* "Name;" is libcurl's way to send a header without a value. */
		struct str line = header->value.n
					  ? str_fmt(arena, STR_FMT ": " STR_FMT,
						    STR_ARG(header->name), STR_ARG(header->value))
					  : str_fmt(arena, STR_FMT ";", STR_ARG(header->name));
		done = append(list, str_c(arena, line));
	}
	return done ? ok() : fail(ERR_UNAVAILABLE, "no memory for libcurl");
}

/* ---- the answer ---- */

/* Returning less than was given ends the transfer. */
static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
	struct transfer *transfer = arg;
	buf_bytes(&transfer->body, data, size * count);
	transfer->over = transfer->over || transfer->body.over;
	return transfer->over ? 0 : size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *arg)
{
	struct transfer *transfer = arg;
	struct str line = str_make(data, size * count), name;
	transfer->head_bytes += line.n;
	if (transfer->head_bytes > LIMIT_FETCH_HEAD) {
		transfer->over = true;
		return 0;
	}
	if (str_starts(line, STR("HTTP/"))) {
		/* A 100 may come before the answer: only the last head counts. */
		transfer->headers.n = 0;
		return line.n;
	}
	struct str rest = str_trim(line);
	if (str_find_byte(rest, ':') > 0 && str_next(&rest, ':', &name))
		vec_push(transfer->arena, &transfer->headers,
			((struct fetch_header){str_dup(transfer->arena, name),
				str_dup(transfer->arena, str_trim(rest))}));
	return line.n;
}

struct str fetched_header(const struct fetched *answer, struct str name)
{
	for (size_t i = 0; i < answer->header_count; i++)
		if (str_eq_nocase(answer->headers[i].name, name))
			return answer->headers[i].value;
	return (struct str){0};
}

struct str fetched_type(struct arena *arena, const struct fetched *answer)
{
	struct str rest = fetched_header(answer, STR("content-type")), type;
	if (!str_next(&rest, ';', &type))
		return (struct str){0};
	return str_lower(arena, str_trim(type));
}

/* ---- the two together ---- */

#define SET(option, value)                                                     \
	do {                                                                   \
		if (curl_easy_setopt(easy, (option), (value)) != CURLE_OK)     \
			return fail(ERR_INTERNAL, "libcurl refuses " #option); \
	} while (0)

static err set_security(CURL *easy, const struct fetch *request, struct arena *arena)
{
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	if (request->ca_file.n) {
		SET(CURLOPT_CAINFO, str_c(arena, request->ca_file));
		SET(CURLOPT_CAPATH, (char *)NULL);
	}
	return ok();
}

static err set_request(CURL *easy, const struct fetch *request, struct arena *arena)
{
	SET(CURLOPT_URL, str_c(arena, request->url));
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_CONNECTTIMEOUT_MS,
		(long)(request->connect_ms ? request->connect_ms : FETCH_CONNECT_MS));
	SET(CURLOPT_TIMEOUT_MS, (long)(request->total_ms ? request->total_ms : FETCH_TOTAL_MS));
	if (!str_absent(request->body)) {
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.n);
		SET(CURLOPT_POSTFIELDS, request->body.p);
	}
	if (str_eq(request->method, STR("HEAD")))
		SET(CURLOPT_NOBODY, 1L);
	else if (!str_absent(request->method))
		SET(CURLOPT_CUSTOMREQUEST, str_c(arena, request->method));
	return ok();
}

static err set_answer(CURL *easy, struct transfer *transfer)
{
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, transfer);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, transfer);
	return ok();
}

static err perform(CURL *easy, const struct fetch *request, struct transfer *transfer,
	struct curl_slist **headers)
{
	struct arena *arena = transfer->arena;
	TRY(make_headers(arena, request, headers));
	TRY(set_security(easy, request, arena));
	TRY(set_request(easy, request, arena));
	TRY(set_answer(easy, transfer));
	SET(CURLOPT_HTTPHEADER, *headers);
	CURLcode result = curl_easy_perform(easy);
	struct str host = authority(request->url);
	if (transfer->over)
		return fail(
			ERR_LIMIT, "fetch from " STR_FMT ": the answer is too long", STR_ARG(host));
	if (result != CURLE_OK)
		return fail(ERR_UNAVAILABLE, "fetch from " STR_FMT ": %s", STR_ARG(host),
			curl_easy_strerror(result));
	return ok();
}

err fetch(const struct fetch *request, struct arena *arena, struct fetched *out)
{
	TRY(check(request));
	struct transfer transfer = {.arena = arena};
	buf_init(&transfer.body, arena, request->max_bytes ? request->max_bytes : LIMIT_FETCH_BODY);
	CURL *easy = curl_easy_init();
	if (!easy)
		return fail(ERR_UNAVAILABLE, "no memory for libcurl");
	struct curl_slist *headers = NULL;
	long status = 0;
	err done = perform(easy, request, &transfer, &headers);
	if (!failed(done) &&
		(curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK ||
			status < 200 || status > 599))
		done = fail(ERR_UNAVAILABLE, "fetch: no status");
	curl_slist_free_all(headers);
	curl_easy_cleanup(easy);
	TRY(done);
	*out = (struct fetched){
		.status = (unsigned)status,
		.headers = transfer.headers.v,
		.header_count = transfer.headers.n,
		.body = buf_view(&transfer.body),
	};
	return ok();
}
