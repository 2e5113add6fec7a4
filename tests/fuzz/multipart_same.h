#ifndef TESTS_FUZZ_MULTIPART_SAME_H
#define TESTS_FUZZ_MULTIPART_SAME_H

#include "base/limits.h"
#include "base/vec.h"
#include "http/multipart.h"

/* A body read as it comes must be what it is when it is read whole, whatever the pieces. Used by the fuzz target and by the unit test. */

struct same {
	struct arena *arena;
	struct part parts[LIMIT_MULTIPART_PARTS];
	struct buf body; /* of the file that comes */
	size_t count;
	bool room_wrong;
	struct multipart multipart;
	uint64_t left;
	uint64_t room;
};

static inline err same_field(void *arg, struct str name, struct str value)
{
	struct same *same = arg;
	same->parts[same->count++] = (struct part){.name = str_dup(same->arena, name), .body = str_dup(same->arena, value)};
	return ok();
}

static inline err same_file(void *arg, const struct part *part)
{
	struct same *same = arg;
	same->parts[same->count] = (struct part){.name = str_dup(same->arena, part->name),
		.filename = str_dup(same->arena, part->filename), .type = str_dup(same->arena, part->type)};
	same->room = multipart_room(&same->multipart, same->left);
	buf_init(&same->body, same->arena, 16u << 20);
	return ok();
}

static inline err same_bytes(void *arg, struct str bytes)
{
	struct same *same = arg;
	buf_str(&same->body, bytes);
	return ok();
}

static inline err same_end(void *arg)
{
	struct same *same = arg;
	same->room_wrong |= same->body.n > same->room;
	same->parts[same->count++].body = buf_view(&same->body);
	return ok();
}

/* NULL: the same; else what differs. */
static inline const char *multipart_same(struct arena *arena, struct str type, struct str body, size_t step)
{
	struct part *parts;
	size_t count = 0;
	err whole = multipart_read(arena, type, body, &parts, &count);
	struct same *same = arena_new(arena, struct same);
	same->arena = arena;
	same->multipart = (struct multipart){.field = same_field, .file = same_file, .bytes = same_bytes, .end = same_end, .arg = same};
	err e = multipart_begin(&same->multipart, arena, type);
	for (size_t at = 0; !failed(e) && at < body.n; at += step) {
		struct str piece = str_sub(body, at, step);
		same->left = body.n - at - piece.n;
		e = multipart_add(&same->multipart, piece);
	}
	if (!failed(e))
		e = multipart_over(&same->multipart);
	if (failed(e) != failed(whole))
		return "one is taken, the other is not";
	if (failed(e))
		return NULL;
	if (same->count != count)
		return "another number of parts";
	if (same->room_wrong)
		return "a file that is longer than it could be";
	for (size_t i = 0; i < count; i++) {
		const struct part *a = &same->parts[i], *b = &parts[i];
		if (!str_eq(a->name, b->name) || !str_eq(a->filename, b->filename) || !str_eq(a->body, b->body))
			return "another part";
	}
	return NULL;
}

#endif
