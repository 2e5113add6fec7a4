#include "domain/definition/procedure_read.h"

#include "base/utf8.h"
#include "domain/definition/expr.h"

/* Single values of a definition, each with the words for what can be wrong with it. */

bool node_is_map(struct reader *reader, const struct node *node, const char *what)
{
	if (node->kind == NODE_MAP)
		return true;
	fault_at(&reader->faults, node->place, "%s must be a map of keys", what);
	return false;
}

bool node_is_list(struct reader *reader, const struct node *node, const char *what)
{
	if (node->kind == NODE_LIST)
		return true;
	fault_at(&reader->faults, node->place, "%s must be a list", what);
	return false;
}

bool node_word(struct reader *reader, const struct node *node, struct str *out)
{
	struct str word = node->kind == NODE_SCALAR ? str_trim(node->text) : (struct str){0};
	if (str_empty(word)) {
		fault_at(&reader->faults, node->place, node->kind == NODE_SCALAR ? "the value is empty" : "one value must stand here");
		return false;
	}
	for (struct str rest = utf8_skip_shown(word); rest.n; rest = utf8_skip_shown(rest)) {
		size_t offset = (size_t)(rest.p - node->text.p);
		uint32_t point = utf8_next(&rest);
		if (point != '\n' && utf8_is_hidden(point)) {
			fault_at(&reader->faults, node_place_at(node, offset), "the invisible character U+%04X", point);
			return false;
		}
	}
	*out = word;
	return true;
}

bool id_valid(struct str id)
{
	if (id.n == 0 || id.n > 64 || id.p[0] < 'a' || id.p[0] > 'z')
		return false;
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return true;
}

bool node_id(struct reader *reader, const struct node *node, struct str *out)
{
	struct str id;
	if (!node_word(reader, node, &id))
		return false;
	if (!id_valid(id)) {
		fault_at(&reader->faults, node->place, "an id is of a-z, 0-9 and _, begins with a letter and has at most 64 characters");
		return false;
	}
	*out = id;
	return true;
}

bool node_number(struct reader *reader, const struct node *node, int64_t least, int64_t most, int64_t *out)
{
	struct str word;
	int64_t number;
	if (!node_word(reader, node, &word))
		return false;
	if (!str_to_i64(word, &number) || number < least || number > most) {
		fault_at(&reader->faults, node->place, "a number from %lld to %lld must stand here", (long long)least, (long long)most);
		return false;
	}
	*out = number;
	return true;
}

bool node_thousandths(struct reader *reader, const struct node *node, int64_t *out)
{
	struct str word;
	if (!node_word(reader, node, &word))
		return false;
	if (!thousandths_read(word, out)) {
		fault_at(&reader->faults, node->place, "a number with at most three digits behind the point must stand here");
		return false;
	}
	return true;
}

bool node_bool(struct reader *reader, const struct node *node, bool *out)
{
	struct str word;
	if (!node_word(reader, node, &word))
		return false;
	if (!str_eq(word, STR("true")) && !str_eq(word, STR("false"))) {
		fault_at(&reader->faults, node->place, "true or false must stand here");
		return false;
	}
	*out = str_eq(word, STR("true"));
	return true;
}

bool text_take(struct reader *reader, struct place place, const struct node *scalar, enum lang lang, struct str words, struct text *out)
{
	static const char *const wrong[READING_FAULT_COUNT] = {
		[READING_MISSING] = "kanji without reading",
		[READING_NO_KANA] = "a reading that is not in kana",
		[READING_STRAY] = "a sign of the notation of texts without what belongs to it",
	};
	size_t offset = 0;
	enum reading_fault fault = text_make(reader->arena, &reader->room, out, lang, words, &offset);
	if (fault == READING_OK)
		return true;
	if (scalar)
		place = node_place_at(scalar, (size_t)(words.p - scalar->text.p) + offset);
	struct str about = utf8_head(str_skip(words, offset), 12);
	fault_at(&reader->faults, place, "%s: " STR_FMT, wrong[fault], STR_ARG(about));
	return false;
}

static bool text_one(struct reader *reader, const struct node *scalar, enum lang lang, struct text *out)
{
	struct str words;
	return node_word(reader, scalar, &words) && text_take(reader, scalar->place, scalar, lang, words, out);
}

bool node_text(struct reader *reader, const struct node *node, struct text *out)
{
	struct text text = {0};
	bool given[LANG_COUNT] = {0}; /* perhaps with a fault */
	bool good = true;
	if (!node_is_map(reader, node, "a text"))
		return false;
	if (node->memo->text) {
		*out = *node->memo->text;
		return true;
	}
	for (size_t i = 0; i < node->n; i++) {
		const struct locale *locale = locale_find(node_key_at(node, i)->text, false);
		if (!locale) {
			fault_at(&reader->faults, node_key_at(node, i)->place, "unknown language '" STR_FMT "'", STR_ARG(node_key_at(node, i)->text));
			good = false;
			continue;
		}
		given[locale->lang] = true;
		good &= text_one(reader, node->items[i], locale->lang, &text);
	}
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		if (!given[lang]) {
			fault_at(&reader->faults, node->place, "the text has no '" STR_FMT "'", STR_ARG(locale_get((enum lang)lang, false)->tag));
			good = false;
		}
	}
	if (!good)
		return false;
	struct text *kept = arena_new(reader->scratch, struct text);
	*kept = text;
	node->memo->text = kept;
	*out = text;
	return true;
}

/* Most do not begin alike: of these no length is counted. */
static bool is_word(struct str text, const char *word)
{
	return text.n && *text.p == *word && str_eq(text, str_of(word));
}

bool node_keys(struct reader *reader, const struct node *map, const char *const *known)
{
	bool good = true;
	for (size_t i = 0; i < map->n; i++) {
		size_t k = 0;
		while (known[k] && !is_word(node_key_at(map, i)->text, known[k]))
			k++;
		if (!known[k])
			fault_at(&reader->faults, node_key_at(map, i)->place, "unknown key '" STR_FMT "'", STR_ARG(node_key_at(map, i)->text));
		good = good && known[k];
	}
	return good;
}

const struct node *node_need(struct reader *reader, const struct node *map, const char *key)
{
	const struct node *value = node_get(map, key);
	if (!value)
		fault_at(&reader->faults, map->place, "'%s' is missing", key);
	return value;
}
