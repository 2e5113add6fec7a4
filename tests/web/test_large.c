/*
 * Bodies of every legal size and of the shapes that cost most: many fields, long values, deep names, what grows by escaping. Whoever sends them gets
 * an answer, and everybody else is served (docs/decisions/0003).
 */
#include "ways.h"

#include "base/limits.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ROOM (LIMIT_HTTP_BODY - 200) /* of a body; the rest for the token */

/* What a field's name is. */
enum names { SAME, NUMBERED, LONG, DEEP, FIELDS };

struct shape {
	enum names names;
	const char *piece; /* of a value, as it is sent */
	size_t bytes;      /* of each value, as it is sent */
};

/* The paths of all that is asked, in all procedures; rows of groups up to their last place and one behind it. */
static struct str field_path_at(struct site *site, size_t i)
{
	const struct catalogue *catalogue = site->world->portal.catalogue;
	size_t at = i;

	for (;; at = at > i ? 0 : at) {
		for (size_t p = 0; p < catalogue->n; p++) {
			const struct procedure *procedure = catalogue->v[p];

			if (at >= procedure->field_count) {
				at -= procedure->field_count;
				continue;
			}
			const struct field *field = procedure->fields[at];

			return path_in_row(&site->arena, field, field->group ? i % 2 ? (size_t)field->group->max : 0 : 0);
		}
	}
}

static void write_name(struct site *site, struct buf *out, enum names names, size_t i)
{
	switch (names) {
	case SAME:
		buf_lit(out, "a");
		break;
	case NUMBERED:
		buf_fmt(out, "a%zu", i);
		break;
	case LONG:
		for (size_t n = 0; n < LIMIT_FORM_NAME - 4; n++)
			buf_lit(out, "'");
		buf_fmt(out, "%zu", i);
		break;
	case DEEP:
		buf_fmt(out, "a%zu.49.x.y.%zu", i, i);
		break;
	case FIELDS:
		buf_str(out, field_path_at(site, i));
		break;
	}
}

static struct str body_of(struct site *site, const struct shape *shape, struct str token)
{
	size_t piece = strlen(shape->piece);
	struct buf out;

	buf_init(&out, &site->arena, LIMIT_HTTP_BODY);
	buf_fmt(&out, "_csrf=" STR_FMT, STR_ARG(token));
	for (size_t i = 0; i < LIMIT_FORM_PARAMS - 1; i++) {
		if (out.n + LIMIT_FORM_NAME + shape->bytes + 8 > ROOM)
			break;
		buf_lit(&out, "&");
		write_name(site, &out, shape->names, i);
		buf_lit(&out, "=");
		for (size_t n = 0; n + piece <= shape->bytes; n += piece)
			buf_bytes(&out, shape->piece, piece);
	}
	assert_ok(buf_error(&out));
	return buf_view(&out);
}

static struct reply send(struct site *site, enum http_method method, struct str path, const struct ask *ask, const char *type, struct str body)
{
	struct buf out;

	buf_init(&out, &site->arena, 2u << 20);
	buf_fmt(&out, "%s " STR_FMT " HTTP/1.1\r\nHost: portal.example\r\nAccept-Language: en\r\nCookie: " STR_FMT "\r\n",
		method == HTTP_PATCH ? "PATCH" : "POST", STR_ARG(path), STR_ARG(site_cookies(site, ask)));
	if (ask->tus)
		buf_fmt(&out, "X-Form-Token: " STR_FMT "\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n", STR_ARG(site_form_token(site, ask)));
	buf_fmt(&out, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n", type, body.n);
	buf_str(&out, body);
	assert_ok(buf_error(&out));
	return site_bytes(site, buf_view(&out), ask->peer);
}

/* What is made for a request goes with it: a thousand of them would not fit. */
static struct arena begin(struct site *site)
{
	struct arena kept = site->arena;

	arena_init(&site->arena, 64u << 20);
	return kept;
}

static void end(struct site *site, struct arena kept)
{
	arena_release(&site->arena);
	site->arena = kept;
}

/* An answer; and only what is refused for it comes near the ceiling. */
static void sound(const struct reply *reply, const struct route *route, const struct shape *shape, const struct ask *ask)
{
	bool empty = reply->body.n == 0 && reply->status != 204 && str_absent(reply_location(reply));
	bool over = reply->memory > LIMIT_REQUEST_ARENA && reply->status != 413;

	if (reply->status >= 500 || empty || over)
		fail_msg("%s, names %d, values \"%s\" of %zu, who %d, token %d: %d, %zu bytes of memory, " STR_FMT, route->name, (int)shape->names,
			shape->piece, shape->bytes, (int)ask->who, (int)ask->token, reply->status, reply->memory, STR_ARG(reply->log));
}

static const struct ask senders[] = {
	{.who = NOBODY, .token = TOKEN_BROKEN},
	{.who = NOBODY},
	{.who = MAI, .token = TOKEN_BROKEN},
	{.who = MAI},
};

static void try_shape(struct site *site, const struct route *route, const struct shape *shape)
{
	static unsigned peer;

	for (size_t s = 0; s < COUNT(senders); s++) {
		struct arena kept = begin(site);
		struct ask ask = senders[s];

		/* It would be the last one of hers. */
		if (route->id != ROUTE_logout || ask.who == NOBODY || ask.token == TOKEN_BROKEN) {
			ask.peer = str_c(&site->arena, str_fmt(&site->arena, "198.51.%u.%u", peer / 200 % 200, peer % 200));
			peer++;
			struct str body = body_of(site, shape, site_form_token(site, &ask));
			struct reply reply = send(site, route->method, site_fill(site, ways[route->id].ask.path), &ask,
				route->flags & ROUTE_MESSAGE ? "application/json" : "application/x-www-form-urlencoded", body);

			sound(&reply, route, shape, &ask);
		}
		end(site, kept);
	}
}

static const struct shape costly[] = {
	{NUMBERED, "b", 1},
	{DEEP, "b", 1},
	{LONG, "\"", 200},
	{FIELDS, "'", 400},
	{SAME, "a", 16000},
	{SAME, "<", 16000},
	{NUMBERED, "!", 16000},
	{NUMBERED, "%22", 65000},
	{NUMBERED, "\xE7\xAA\x93", 65000},
	{FIELDS, "\xE7\xAA\x93", 500},
};

static void every_form_of_every_shape(void **state)
{
	struct site *site = *state;
	size_t asked = 0;

	for (size_t r = 0; r < ROUTE_COUNT; r++) {
		if (routes[r].method != HTTP_POST)
			continue;
		for (size_t i = 0; i < COUNT(costly); i++)
			try_shape(site, &routes[r], &costly[i]);
		asked++;
	}
	assert_true(asked > 40);
	struct reply reply = ASK(site, .who = MAI, .path = "/my-page");

	assert_status(&reply, 200);
}

/* Where most is done with what was sent. */
static void some_forms_of_all_shapes(void **state)
{
	static const enum route_id most[] = {ROUTE_section_save, ROUTE_section_autosave, ROUTE_language_set, ROUTE_login_send, ROUTE_registration_save};
	static const char *const pieces[] = {"a", "\"", "%26", "0", "+", "\xE7\xAA\x93", "%E3%81%8C", "%0A"};
	static const size_t sizes[] = {3, 480, 5000, 65000};
	struct site *site = *state;

	for (size_t r = 0; r < COUNT(most); r++) {
		for (size_t p = 0; p < COUNT(pieces); p++) {
			for (size_t n = 0; n < COUNT(sizes); n++) {
				for (enum names names = SAME; names <= FIELDS; names++) {
					/* Each name, each piece and each size with each other once in a while, not always. */
					if ((r + p + n + names) % 4 == 0)
						try_shape(site, &routes[most[r]], &(struct shape){names, pieces[p], sizes[n]});
				}
			}
		}
	}
}

/* A form with files: fields, names and files as many and as long as they may be. */
static void forms_with_files(void **state)
{
	static const struct {
		const char *name, *filename;
		size_t bytes, count;
	} parts[] = {
		{"a", NULL, LIMIT_FORM_VALUE, 15},
		{"a", NULL, 4000, LIMIT_MULTIPART_PARTS - 1},
		{"file", "\"'<>&.pdf", 4000, LIMIT_MULTIPART_PARTS - 1},
		{"file", "a.pdf", 50000, 19},
	};
	static const enum route_id takers[] = {ROUTE_file_send, ROUTE_pages_send};
	struct site *site = *state;

	for (size_t r = 0; r < COUNT(takers); r++) {
		for (size_t p = 0; p < COUNT(parts); p++) {
			for (size_t s = 0; s < COUNT(senders); s++) {
				struct arena kept = begin(site);
				struct ask ask = senders[s];
				struct buf body;

				ask.peer = "198.51.100.9";
				buf_init(&body, &site->arena, 2u << 20);
				buf_fmt(&body, "--x\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n" STR_FMT "\r\n",
					STR_ARG(site_form_token(site, &ask)));
				for (size_t i = 0; i < parts[p].count; i++) {
					buf_fmt(&body, "--x\r\nContent-Disposition: form-data; name=\"%s\"", parts[p].name);
					if (parts[p].filename)
						buf_fmt(&body, "; filename=\"%s\"", parts[p].filename + 1);
					buf_lit(&body, "\r\n\r\n");
					for (size_t n = 0; n < parts[p].bytes; n++)
						buf_lit(&body, "<");
					buf_lit(&body, "\r\n");
				}
				buf_lit(&body, "--x--\r\n");
				assert_ok(buf_error(&body));
				struct reply reply = send(site, HTTP_POST, site_fill(site, ways[takers[r]].ask.path), &ask,
					"multipart/form-data; boundary=x", buf_view(&body));

				sound(&reply, &routes[takers[r]], &(struct shape){SAME, parts[p].name, parts[p].bytes}, &ask);
				end(site, kept);
			}
		}
	}
}

/*
 * The other half: a request that does come to its ceiling, wherever that is, ends alone. Nothing of it is sent as if it were whole, and nothing is
 * written.
 */
static void out_of_memory_anywhere(void **state)
{
	struct site *site = *state;
	size_t ended = 0;

	for (size_t r = 0; r < ROUTE_COUNT; r++) {
		for (size_t i = 0; i < 22; i++) {
			struct arena kept = begin(site);
			struct ask ask = ways[r].ask;
			size_t room = 1 + i * i * 480; /* most pages need some 60 KiB, few more than 200 */

			ask.text = room;
			ask.peer = str_c(&site->arena, str_fmt(&site->arena, "203.0.113.%zu", r));
			struct reply reply = site_ask(site, &ask);
			bool over = str_find(reply.log, STR("the memory for this request is used up")) >= 0;
			int status = http_writes(routes[r].method) ? 413 : 500;

			if (over && routes[r].flags & ROUTE_MESSAGE && reply.status != 413 && reply.status != 500)
				fail_msg("%s with %zu: %d", routes[r].name, room, reply.status);
			else if (over && !(routes[r].flags & ROUTE_MESSAGE) && reply.status != status)
				fail_msg("%s with %zu: %d", routes[r].name, room, reply.status);
			if (over && reply.status == status && (reply.body.n == 0 || !str_absent(reply_location(&reply))))
				fail_msg("%s with %zu: no page that says so", routes[r].name, room);
			if (!over && (reply.status >= 500 || reply.status == 413))
				fail_msg("%s with %zu: %d, " STR_FMT, routes[r].name, room, reply.status, STR_ARG(reply.log));
			ended += over;
			end(site, kept);
		}
	}
	assert_true(ended > ROUTE_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_SQLITE(every_form_of_every_shape),
		AT_SQLITE(some_forms_of_all_shapes),
		AT_SQLITE(forms_with_files),
		AT_SQLITE(out_of_memory_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
