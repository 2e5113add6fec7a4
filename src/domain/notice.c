#include "domain/notice.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "domain/audit.h"
#include "store/query.h"

static err require_operator(const struct cx *cx)
{
	return cx->actor.kind == ACTOR_OPERATOR ? ok() : fail(ERR_DENIED, "only an operator");
}

/* What a text is called in refusals. */
static const char *const languages[LANG_COUNT] = {[LANG_JA] = "Japanese", [LANG_EN] = "English"};

static bool can_be_shown(struct str text, bool lines)
{
	while (text.n > 0) {
		uint32_t point = utf8_next(&text);
		bool white = lines && (point == '\n' || point == '\r' || point == '\t');

		if (point == UTF8_BAD || (utf8_is_hidden(point) && !white))
			return false;
	}
	return true;
}

/* In every language. lines: may have several. */
static err check_texts(const struct str texts[LANG_COUNT], const char *what, size_t most, bool lines)
{
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		if (str_empty(str_trim(texts[lang])))
			return fail(ERR_INVALID, "the %s in %s is missing", what, languages[lang]);
		if (!can_be_shown(texts[lang], lines))
			return fail(ERR_INVALID, "the %s in %s holds what cannot be shown%s", what, languages[lang],
				lines ? "" : ", or a second line");
		if (utf8_count(texts[lang]) > most)
			return fail(ERR_LIMIT, "the %s in %s has %zu characters; %zu are the most", what, languages[lang],
				utf8_count(texts[lang]), most);
	}
	return ok();
}

#define NOTICE_OF(id_, row)                                                          \
	((struct notice){                                                            \
		.id = (id_),                                                         \
		.published_at = (row)->published_at,                                 \
		.until_at = (row)->until_at,                                         \
		.title = {[LANG_JA] = (row)->title_ja, [LANG_EN] = (row)->title_en}, \
		.body = {[LANG_JA] = (row)->body_ja, [LANG_EN] = (row)->body_en},    \
	})

err notice_list(struct cx *cx, size_t limit, size_t offset, struct notice **out, size_t *count,
	size_t *total)
{
	struct q_notice_list_row *rows;
	struct q_notice_count_row all;
	size_t n;

	TRY(q_notice_count(cx_tx(cx), cx->now, &all));
	TRY(q_notice_list(cx_tx(cx), cx->now, (int64_t)limit, (int64_t)offset, &rows, &n));
	struct notice *notices = arena_array(cx->arena, struct notice, n + 1);

	for (size_t i = 0; i < n; i++)
		notices[i] = NOTICE_OF(rows[i].id, &rows[i]);
	*out = notices;
	*count = n;
	*total = (size_t)all.n;
	return ok();
}

err notice_require(struct cx *cx, int64_t id, struct notice *out)
{
	struct q_notice_find_row row;

	TRY(q_notice_find(cx_tx(cx), id, cx->now, &row));
	*out = NOTICE_OF(id, &row);
	return ok();
}

err notice_all(struct cx *cx, size_t limit, struct notice **out, size_t *count)
{
	struct q_notice_all_row *rows;
	size_t n;

	TRY(require_operator(cx));
	TRY(q_notice_all(cx_tx(cx), (int64_t)limit, &rows, &n));
	struct notice *notices = arena_array(cx->arena, struct notice, n + 1);

	for (size_t i = 0; i < n; i++)
		notices[i] = (struct notice){
			.id = rows[i].id,
			.published_at = rows[i].published_at,
			.until_at = rows[i].until_at,
			.title = {[LANG_JA] = rows[i].title_ja, [LANG_EN] = rows[i].title_en},
		};
	*out = notices;
	*count = n;
	return ok();
}

static err notice_check(const struct cx *cx, const struct notice *notice)
{
	TRY(check_texts(notice->title, "title", LIMIT_NOTICE_TITLE, false));
	TRY(check_texts(notice->body, "text", LIMIT_NOTICE_TEXT, true));
	if (notice->until_at != 0 && notice->until_at <= notice->published_at)
		return fail(ERR_INVALID, "that notice would be over before it is out");
	if (notice->until_at != 0 && notice->until_at <= cx->now)
		return fail(ERR_INVALID, "that notice would be over already");
	return ok();
}

struct add {
	const struct notice *notice;
	int64_t id;
};

static err add_in_tx(struct cx *cx, void *arg)
{
	const struct add *add = arg;
	const struct notice *notice = add->notice;

	TRY(q_notice_insert(cx_tx(cx),
		&(struct q_notice_insert_in){
			.id = add->id,
			.published_at = notice->published_at,
			.until_at = notice->until_at,
			.title_ja = notice->title[LANG_JA],
			.title_en = notice->title[LANG_EN],
			.body_ja = notice->body[LANG_JA],
			.body_en = notice->body[LANG_EN],
		},
		NULL));
	return audit_add(cx, STR("notice_added"), 0, STR("notice"), add->id, STR(""));
}

err notice_add(struct cx *cx, const struct notice *notice, int64_t *out_id)
{
	struct add add = {.notice = notice, .id = id_new(cx->now)};

	TRY(require_operator(cx));
	TRY(notice_check(cx, notice));
	TRY(cx_write(cx, add_in_tx, &add));
	*out_id = add.id;
	return ok();
}

static err remove_in_tx(struct cx *cx, void *arg)
{
	const int64_t *id = arg;
	int64_t changed = 0;

	TRY(q_notice_delete(cx_tx(cx), *id, &changed));
	if (changed == 0)
		return fail(ERR_NOT_FOUND, "no such notice");
	return audit_add(cx, STR("notice_removed"), 0, STR("notice"), *id, STR(""));
}

err notice_remove(struct cx *cx, int64_t id)
{
	TRY(require_operator(cx));
	return cx_write(cx, remove_in_tx, &id);
}

static struct maintenance maintenance_of(const struct q_maintenance_find_row *row)
{
	return (struct maintenance){
		.announced_at = row->announced_at,
		.starts_at = row->starts_at,
		.ends_at = row->ends_at,
		.words = {[LANG_JA] = row->words_ja, [LANG_EN] = row->words_en},
	};
}

err maintenance_find(struct cx *cx, struct maintenance *out)
{
	struct q_maintenance_find_row row;

	TRY(q_maintenance_find(cx_tx(cx), cx->now, &row));
	*out = maintenance_of(&row);
	return ok();
}

err maintenance_list(struct cx *cx, size_t limit, struct maintenance **out, size_t *count)
{
	struct q_maintenance_find_row *rows;
	size_t n;

	TRY(require_operator(cx));
	TRY(q_maintenance_list(cx_tx(cx), cx->now, (int64_t)limit, &rows, &n));
	struct maintenance *windows = arena_array(cx->arena, struct maintenance, n + 1);

	for (size_t i = 0; i < n; i++)
		windows[i] = maintenance_of(&rows[i]);
	*out = windows;
	*count = n;
	return ok();
}

static err maintenance_check(const struct cx *cx, const struct maintenance *window)
{
	bool any = false;

	for (int lang = 0; lang < LANG_COUNT; lang++)
		any = any || !str_empty(window->words[lang]);
	if (any)
		TRY(check_texts(window->words, "text", LIMIT_MAINTENANCE_WORDS, false));
	if (window->announced_at > window->starts_at || window->starts_at >= window->ends_at)
		return fail(ERR_INVALID, "a window is announced, starts and ends, in this order");
	if (window->ends_at <= cx->now)
		return fail(ERR_INVALID, "that window would be over already");
	return ok();
}

static err set_in_tx(struct cx *cx, void *arg)
{
	const struct maintenance *maintenance = arg;
	int64_t id = id_new(cx->now);

	TRY(q_maintenance_insert(cx_tx(cx),
		&(struct q_maintenance_insert_in){
			.id = id,
			.announced_at = maintenance->announced_at,
			.starts_at = maintenance->starts_at,
			.ends_at = maintenance->ends_at,
			.words_ja = maintenance->words[LANG_JA],
			.words_en = maintenance->words[LANG_EN],
		},
		NULL));
	return audit_add(cx, STR("maintenance_set"), 0, STR("maintenance"), id, STR(""));
}

err maintenance_set(struct cx *cx, const struct maintenance *maintenance)
{
	struct maintenance copy = *maintenance;

	TRY(require_operator(cx));
	TRY(maintenance_check(cx, &copy));
	return cx_write(cx, set_in_tx, &copy);
}

static err clear_in_tx(struct cx *cx, void *arg)
{
	int64_t changed = 0;

	(void)arg;
	TRY(q_maintenance_clear(cx_tx(cx), cx->now, &changed));
	if (changed == 0)
		return fail(ERR_NOT_FOUND, "no window of maintenance lies ahead");
	return audit_add(cx, STR("maintenance_cleared"), 0, STR("maintenance"), 0, STR(""));
}

err maintenance_clear(struct cx *cx)
{
	TRY(require_operator(cx));
	return cx_write(cx, clear_in_tx, NULL);
}
