#include "cmd/conf_table.h"

#include "base/time.h"
#include "base/utf8.h"

/* The forms of values: text to member, member to text, one row of `forms` for each type. */

struct unit {
	const char *name;
	int64_t factor;
};

/* Smallest first: writing takes the largest that leaves no rest. */
static const struct unit duration_units[] = {
	{"ms", 1},
	{"s", TIME_SECOND},
	{"m", TIME_MINUTE},
	{"h", TIME_HOUR},
	{"d", TIME_DAY},
	{NULL, 0},
};
static const struct unit size_units[] = {
	{"B", 1},
	{"KiB", 1 << 10},
	{"MiB", 1 << 20},
	{"GiB", 1 << 30},
	{NULL, 0},
};

static const char *words(struct arena *arena, struct str text)
{
	return str_c(arena, text);
}

static void *member(const struct conf_key *key, struct conf *conf)
{
	return (char *)conf + key->offset;
}

static const void *member_of(const struct conf_key *key, const struct conf *conf)
{
	return (const char *)conf + key->offset;
}

/* Text */

static const char *text_set(struct arena *arena, const struct conf_key *key, struct str text,
	bool typed, struct conf *conf)
{
	(void)typed;
	if ((int64_t)utf8_count(text) < key->min)
		return "must not be empty";
	if ((int64_t)utf8_count(text) > key->max)
		return words(arena,
			str_fmt(arena, "is longer than %lld characters", (long long)key->max));
	const char *wrong = key->rule && text.n ? key->rule(text) : NULL;
	if (!wrong)
		*(struct str *)member(key, conf) = str_dup(arena, text);
	return wrong;
}

static void text_write(struct buf *out, const struct conf_key *key, const struct conf *conf)
{
	buf_str(out, *(const struct str *)member_of(key, conf));
}

static bool text_same(const struct conf_key *key, const struct conf *a, const struct conf *b)
{
	return str_eq(
		*(const struct str *)member_of(key, a), *(const struct str *)member_of(key, b));
}

static bool climbs(struct str path)
{
	struct str part;

	while (str_next(&path, '/', &part))
		if (str_eq(part, STR("..")))
			return true;
	return false;
}

static const char *path_set(struct arena *arena, const struct conf_key *key, struct str text,
	bool typed, struct conf *conf)
{
	if (key->credential && str_starts(text, STR("credential:"))) {
		struct str name = str_skip(text, sizeof("credential:") - 1);
		if (!name.n || str_find_byte(name, '/') >= 0 || name.p[0] == '.')
			return "credential: must be followed by the name of a credential";
	} else if (text.n && text.p[0] != '/' && !typed) {
		return "must be an absolute path: it begins with /";
	} else if (climbs(text)) {
		return "must not hold \"..\"";
	}
	return text_set(arena, key, text, typed, conf);
}

/* Numbers */

static const char *int_set(struct arena *arena, const struct conf_key *key, struct str text,
	bool typed, struct conf *conf)
{
	int64_t value;

	(void)typed;
	if (!str_to_i64(text, &value) || value < key->min || value > key->max)
		return words(arena, str_fmt(arena, "must be a whole number from %lld to %lld",
					    (long long)key->min, (long long)key->max));
	*(int64_t *)member(key, conf) = value;
	return NULL;
}

static void int_write(struct buf *out, const struct conf_key *key, const struct conf *conf)
{
	buf_i64(out, *(const int64_t *)member_of(key, conf));
}

static bool int_same(const struct conf_key *key, const struct conf *a, const struct conf *b)
{
	return *(const int64_t *)member_of(key, a) == *(const int64_t *)member_of(key, b);
}

static void unit_write(struct buf *out, const struct unit *units, int64_t value)
{
	const struct unit *best = units;

	for (const struct unit *u = units; u->name; u++)
		if (value % u->factor == 0 && value >= u->factor)
			best = u;
	buf_i64(out, value / best->factor);
	buf_lit(out, " ");
	buf_c(out, best->name);
}

/* "30 m", "30m": false for another form or what does not fit. */
static bool unit_read(struct str text, const struct unit *units, int64_t *out)
{
	size_t digits = 0;
	int64_t value;

	while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
		digits++;
	struct str name = str_trim(str_skip(text, digits));
	if (!str_to_i64(str_sub(text, 0, digits), &value))
		return false;
	for (const struct unit *u = units; u->name; u++)
		if (str_eq(name, str_of(u->name)))
			return !__builtin_mul_overflow(value, u->factor, out);
	return false;
}

static const char *unit_set(struct arena *arena, const struct conf_key *key,
	const struct unit *units, struct str text, struct conf *conf)
{
	int64_t value;
	struct buf why;

	if (unit_read(text, units, &value) && value >= key->min && value <= key->max) {
		*(int64_t *)member(key, conf) = value;
		return NULL;
	}
	buf_init(&why, arena, 300);
	buf_lit(&why, "must be from ");
	unit_write(&why, units, key->min);
	buf_lit(&why, " to ");
	unit_write(&why, units, key->max);
	buf_lit(&why, ", a number and one of the units");
	for (const struct unit *u = units; u->name; u++) {
		buf_lit(&why, " ");
		buf_c(&why, u->name);
	}
	return words(arena, buf_view(&why));
}

static const char *size_set(struct arena *arena, const struct conf_key *key, struct str text,
	bool typed, struct conf *conf)
{
	(void)typed;
	return unit_set(arena, key, size_units, text, conf);
}

static void size_write(struct buf *out, const struct conf_key *key, const struct conf *conf)
{
	unit_write(out, size_units, *(const int64_t *)member_of(key, conf));
}

static const char *duration_set(struct arena *arena, const struct conf_key *key, struct str text,
	bool typed, struct conf *conf)
{
	(void)typed;
	return unit_set(arena, key, duration_units, text, conf);
}

static void duration_write(struct buf *out, const struct conf_key *key, const struct conf *conf)
{
	unit_write(out, duration_units, *(const int64_t *)member_of(key, conf));
}

/* One of a few words. Members are unsigned enums or bool. */

static const char *bool_set(struct arena *arena, const struct conf_key *key, struct str text,
	bool typed, struct conf *conf)
{
	(void)arena;
	(void)typed;
	if (!str_eq(text, STR("yes")) && !str_eq(text, STR("no")))
		return "must be yes or no";
	*(bool *)member(key, conf) = str_eq(text, STR("yes"));
	return NULL;
}

static void bool_write(struct buf *out, const struct conf_key *key, const struct conf *conf)
{
	buf_c(out, *(const bool *)member_of(key, conf) ? "yes" : "no");
}

static bool bool_same(const struct conf_key *key, const struct conf *a, const struct conf *b)
{
	return *(const bool *)member_of(key, a) == *(const bool *)member_of(key, b);
}

static const char *enum_set(struct arena *arena, const struct conf_key *key, struct str text,
	bool typed, struct conf *conf)
{
	struct buf why;

	(void)typed;
	buf_init(&why, arena, 300);
	buf_lit(&why, "must be one of");
	for (unsigned i = 0; key->choices[i]; i++) {
		if (str_eq(text, str_of(key->choices[i]))) {
			memcpy(member(key, conf), &i, sizeof(i));
			return NULL;
		}
		buf_lit(&why, " ");
		buf_c(&why, key->choices[i]);
	}
	return words(arena, buf_view(&why));
}

static unsigned enum_get(const struct conf_key *key, const struct conf *conf)
{
	unsigned value;

	_Static_assert(sizeof(enum log_level) == sizeof(unsigned), "enums are as wide as unsigned");
	memcpy(&value, member_of(key, conf), sizeof(value));
	return value;
}

static void enum_write(struct buf *out, const struct conf_key *key, const struct conf *conf)
{
	buf_c(out, key->choices[enum_get(key, conf)]);
}

static bool enum_same(const struct conf_key *key, const struct conf *a, const struct conf *b)
{
	return enum_get(key, a) == enum_get(key, b);
}

/* Several texts */

static const char *list_set(struct arena *arena, const struct conf_key *key, struct str text,
	bool typed, struct conf *conf)
{
	struct str rest = text, part;
	struct str *v = arena_array(arena, struct str, (size_t)key->max);
	size_t n = 0;

	(void)typed;
	while (str_next(&rest, ',', &part)) {
		part = str_trim(part);
		if (!part.n)
			return "has an empty member between its commas";
		if ((int64_t)n == key->max)
			return words(arena,
				str_fmt(arena, "has more than %lld members", (long long)key->max));
		const char *wrong = key->rule ? key->rule(part) : NULL;
		if (wrong)
			return wrong;
		for (size_t i = 0; i < n; i++)
			if (str_eq(v[i], part))
				return "has the same member twice";
		v[n++] = str_dup(arena, part);
	}
	if ((int64_t)n < key->min)
		return "must not be empty";
	if (text.n && text.p[text.n - 1] == ',')
		return "has an empty member between its commas";
	*(struct conf_list *)member(key, conf) = (struct conf_list){v, n};
	return NULL;
}

static void list_write(struct buf *out, const struct conf_key *key, const struct conf *conf)
{
	const struct conf_list *list = member_of(key, conf);

	for (size_t i = 0; i < list->n; i++) {
		if (i)
			buf_lit(out, ", ");
		buf_str(out, list->v[i]);
	}
}

static bool list_same(const struct conf_key *key, const struct conf *a, const struct conf *b)
{
	const struct conf_list *x = member_of(key, a), *y = member_of(key, b);

	if (x->n != y->n)
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (!str_eq(x->v[i], y->v[i]))
			return false;
	return true;
}

static const struct {
	const char *(*set)(struct arena *arena, const struct conf_key *key, struct str text,
		bool typed, struct conf *conf);
	void (*write)(struct buf *out, const struct conf_key *key, const struct conf *conf);
	bool (*same)(const struct conf_key *key, const struct conf *a, const struct conf *b);
	size_t size; /* of the member */
} forms[CONF_TYPE_COUNT] = {
	[CONF_TEXT] = {text_set, text_write, text_same, sizeof(struct str)},
	[CONF_PATH] = {path_set, text_write, text_same, sizeof(struct str)},
	[CONF_INT] = {int_set, int_write, int_same, sizeof(int64_t)},
	[CONF_SIZE] = {size_set, size_write, int_same, sizeof(int64_t)},
	[CONF_DURATION] = {duration_set, duration_write, int_same, sizeof(int64_t)},
	[CONF_BOOL] = {bool_set, bool_write, bool_same, sizeof(bool)},
	[CONF_ENUM] = {enum_set, enum_write, enum_same, sizeof(unsigned)},
	[CONF_LIST] = {list_set, list_write, list_same, sizeof(struct conf_list)},
};

const char *conf_value_set(struct arena *arena, const struct conf_key *key, struct str text,
	bool typed, struct conf *conf)
{
	struct str rest = text;

	if (!utf8_valid(text))
		return "is not UTF-8";
	while (rest.n)
		if (utf8_is_hidden(utf8_next(&rest)))
			return "holds an invisible character";
	return forms[key->type].set(arena, key, text, typed, conf);
}

void conf_value_write(struct buf *out, const struct conf_key *key, const struct conf *conf)
{
	forms[key->type].write(out, key, conf);
}

bool conf_value_same(const struct conf_key *key, const struct conf *a, const struct conf *b)
{
	return forms[key->type].same(key, a, b);
}

void conf_value_copy(const struct conf_key *key, const struct conf *from, struct conf *to)
{
	memcpy(member(key, to), member_of(key, from), forms[key->type].size);
}
