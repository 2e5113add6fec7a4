#include "msggen.h"

#include "base/vec.h"

/* Entries of a .po file: comments, then msgid "key", then msgstr "text", each string continued on
 * further lines. */

struct po {
	struct gen *gen;
	struct catalogue *out;
	struct str rest;
	struct str line; /* the current line, trimmed; absent at the end of the file */
	bool no_ruby;
	size_t fuzzy_at; /* SIZE_MAX: not */
};

static size_t at_of(const struct po *po, struct str part)
{
	return str_absent(part) ? po->out->source.n : (size_t)(part.p - po->out->source.p);
}

#define po_fault(po, at, ...) \
	gen_fault((po)->gen, (po)->out->file, (po)->out->source, (at), __VA_ARGS__)

static void next_line(struct po *po)
{
	struct str line;
	po->line = str_next(&po->rest, '\n', &line) ? str_trim(line) : (struct str){0};
	if (!po->line.n && line.p && !str_absent(po->line))
		po->line = str_make(line.p, 0);
}

static void read_comment(struct po *po)
{
	struct str words = str_skip(po->line, 1);
	bool flags = str_starts(words, STR(","));
	if (flags && str_find(words, STR("fuzzy")) >= 0)
		po->fuzzy_at = at_of(po, po->line);
	if (str_starts(words, STR(".")) || flags)
		words = str_skip(words, 1);
	if (str_eq(str_trim(words), STR("no-ruby")))
		po->no_ruby = true;
}

static err read_quoted(struct po *po, struct str quoted, struct buf *out)
{
	if (quoted.n < 2 || quoted.p[0] != '"' || quoted.p[quoted.n - 1] != '"')
		return po_fault(po, at_of(po, quoted), "expected a text in quotes");
	struct str inner = str_sub(quoted, 1, quoted.n - 2);
	for (size_t i = 0; i < inner.n; i++) {
		char c = inner.p[i];
		if (c == '"')
			return po_fault(po, at_of(po, inner) + i, "write \\\" inside a text");
		if (c == '\\') {
			static const char names[] = "n\"\\t";
			static const char values[] = "\n\"\\\t";
			const char *found =
				i + 1 < inner.n ? memchr(names, inner.p[i + 1], 4) : NULL;
			if (!found)
				return po_fault(po, at_of(po, inner) + i, "unknown escape");
			c = values[found - names];
			i++;
		}
		buf_byte(out, c);
	}
	return ok();
}

/* msgid "…" and the strings on the lines behind it. */
static err read_string(struct po *po, const char *word, struct str *out, size_t *at)
{
	*at = at_of(po, po->line);
	if (!str_starts(po->line, str_of(word)))
		return po_fault(po, *at, "expected %s", word);
	struct buf text;
	buf_init(&text, po->gen->arena, 1u << 20);
	TRY(read_quoted(po, str_trim(str_skip(po->line, strlen(word))), &text));
	for (next_line(po); str_starts(po->line, STR("\"")); next_line(po))
		TRY(read_quoted(po, po->line, &text));
	*out = buf_view(&text);
	return ok();
}

static bool is_key(struct str key)
{
	if (!key.n || key.n > 80 || key.p[0] < 'a' || key.p[0] > 'z')
		return false;
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
			    c == '-'))
			return false;
	}
	return true;
}

static err read_entry(struct po *po)
{
	struct text text = {0};
	TRY(read_string(po, "msgid ", &text.key, &text.key_at));
	if (str_starts(po->line, STR("msgid_plural")))
		return po_fault(po, at_of(po, po->line), "no plural forms; use two keys");
	TRY(read_string(po, "msgstr ", &text.value, &text.value_at));
	text.no_ruby = po->no_ruby || str_starts(text.key, STR("mail.")) ||
		       str_starts(text.key, STR("pdf."));
	size_t fuzzy_at = po->fuzzy_at;
	po->no_ruby = false;
	po->fuzzy_at = SIZE_MAX;
	if (!text.key.n && !po->out->texts.n)
		return ok(); /* the header */
	if (fuzzy_at != SIZE_MAX)
		return po_fault(po, fuzzy_at, "marked fuzzy: check the text, then remove the mark");
	if (!is_key(text.key))
		return po_fault(po, text.key_at, "not a key: " STR_FMT, STR_ARG(text.key));
	if (catalogue_find(po->out, text.key))
		return po_fault(po, text.key_at, "key used twice: " STR_FMT, STR_ARG(text.key));
	if (!text.value.n)
		return po_fault(po, text.value_at, "no text for " STR_FMT, STR_ARG(text.key));
	vec_push(po->gen->arena, &po->out->texts, text);
	size_t *index = arena_new(po->gen->arena, size_t);
	*index = po->out->texts.n - 1;
	map_put(&po->out->by_key, text.key, index);
	return ok();
}

const struct text *catalogue_find(const struct catalogue *catalogue, struct str key)
{
	const size_t *index = map_get(&catalogue->by_key, key);
	return index ? &catalogue->texts.v[*index] : NULL;
}

err catalogue_read(struct gen *gen, struct str file, struct str source, struct catalogue *out)
{
	*out = (struct catalogue){.file = file, .source = source};
	map_init(&out->by_key, gen->arena);
	struct po po = {.gen = gen, .out = out, .rest = source, .fuzzy_at = SIZE_MAX};
	next_line(&po);
	while (!str_absent(po.line)) {
		if (str_starts(po.line, STR("#"))) {
			read_comment(&po);
			next_line(&po);
		} else if (!po.line.n) {
			next_line(&po);
		} else {
			TRY(read_entry(&po));
		}
	}
	return ok();
}
