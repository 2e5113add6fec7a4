#include "cmd/conf_table.h"

#include "base/encode.h"
#include "base/limits.h"

/* Writing: the values with their sources, the example, and what a reload changes. */

/* Text of a value with its password masked. */
static struct str value_text(
	struct arena *arena, const struct conf_key *key, const struct conf *conf)
{
	struct buf text;
	size_t from, count;

	buf_init(&text, arena, LIMIT_CONF_FILE);
	conf_value_write(&text, key, conf);
	struct str value = buf_view(&text);
	if (!key->url_with_secret || !conf_url_secret(value, &from, &count))
		return value;
	struct str masked[] = {
		str_sub(value, 0, from), STR("********"), str_skip(value, from + count)};
	return str_join(arena, masked, 3, STR(""));
}

void conf_dump(struct buf *out, const struct conf *conf)
{
	for (size_t i = 0; i < conf_key_count; i++) {
		struct str value = value_text(out->arena, &conf_keys[i], conf);
		buf_lit(out, "# ");
		conf_source_write(out, &conf->source[i]);
		buf_lit(out, "\n");
		buf_c(out, conf_keys[i].name);
		buf_c(out, value.n ? " = " : " =");
		buf_str(out, value);
		buf_lit(out, "\n");
	}
}

void conf_dump_json(struct buf *out, const struct conf *conf)
{
	for (size_t i = 0; i < conf_key_count; i++) {
		struct buf source;

		buf_init(&source, out->arena, LIMIT_CONF_LINE);
		conf_source_write(&source, &conf->source[i]);
		buf_c(out, i ? ",\n{\"key\":" : "[\n{\"key\":");
		json_write_str(out, str_of(conf_keys[i].name));
		buf_lit(out, ",\"value\":");
		json_write_str(out, value_text(out->arena, &conf_keys[i], conf));
		buf_lit(out, ",\"source\":");
		json_write_str(out, buf_view(&source));
		buf_lit(out, ",\"default\":");
		json_write_str(out, str_of(conf_keys[i].initial));
		buf_lit(out, "}");
	}
	buf_lit(out, "\n]\n");
}

/* A sentence in comment lines of at most 100 columns. */
static void write_comment(struct buf *out, struct str text)
{
	struct str word;
	size_t column = 0;

	while (str_next(&text, ' ', &word)) {
		if (column == 0 || column + 1 + word.n > 100) {
			buf_c(out, column ? "\n#" : "#");
			column = 1;
		}
		buf_lit(out, " ");
		buf_str(out, word);
		column += 1 + word.n;
	}
	buf_lit(out, "\n");
}

/* "a number from 1 to 256": the form of the value in words. */
static void write_form(struct buf *out, const struct conf_key *key)
{
	static const char *const words[CONF_TYPE_COUNT] = {
		[CONF_TEXT] = "text",
		[CONF_PATH] = "an absolute path",
		[CONF_INT] = "a number",
		[CONF_SIZE] = "a size, such as 64 KiB or 8 MiB",
		[CONF_DURATION] = "a time, such as 30 s, 15 m, 12 h or 7 d",
		[CONF_BOOL] = "yes or no",
		[CONF_ENUM] = "one of",
		[CONF_LIST] = "a list with commas",
	};
	struct buf form;

	buf_init(&form, out->arena, LIMIT_CONF_LINE);
	buf_lit(&form, "Form: ");
	buf_c(&form, words[key->type]);
	for (unsigned i = 0; key->choices && key->choices[i]; i++) {
		buf_c(&form, i ? ", " : " ");
		buf_c(&form, key->choices[i]);
	}
	if (key->type == CONF_INT)
		buf_fmt(&form, " from %lld to %lld", (long long)key->min, (long long)key->max);
	buf_c(&form, key->reload ? ". A reload changes it." : ".");
	write_comment(out, buf_view(&form));
}

void conf_write_example(struct buf *out)
{
	buf_lit(out, "# The settings of madoguchi. A line is \"key = value\"; a line that begins "
		     "with '#' is a comment.\n"
		     "# What stands here behind '#' are the defaults. Files conf.d/NAME.conf "
		     "beside this one are read after it,\n"
		     "# in the order of their names; then come --key=value options. See "
		     "madoguchi.conf(5), and try\n"
		     "# \"madoguchi check-config\" after each change.\n");
	for (size_t i = 0; i < conf_key_count; i++) {
		const struct conf_key *key = &conf_keys[i];
		if (key->chapter) {
			buf_lit(out, "\n# ---- ");
			buf_c(out, key->chapter);
			buf_lit(out, " ----\n");
		}
		buf_lit(out, "\n");
		write_comment(out, str_of(key->help));
		write_form(out, key);
		buf_lit(out, "#");
		buf_c(out, key->name);
		buf_c(out, key->initial[0] ? " = " : " =");
		buf_c(out, key->initial);
		buf_lit(out, "\n");
	}
}

size_t conf_reload(struct conf *live, const struct conf *fresh, struct buf *restart)
{
	size_t taken = 0;

	for (size_t i = 0; i < conf_key_count; i++) {
		const struct conf_key *key = &conf_keys[i];
		if (conf_value_same(key, live, fresh))
			continue;
		if (key->reload) {
			conf_value_copy(key, fresh, live);
			live->source[i] = fresh->source[i];
			taken++;
		} else {
			buf_c(restart, key->name);
			buf_lit(restart, "\n");
		}
	}
	return taken;
}
