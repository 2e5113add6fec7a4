#include "domain/search/search_index.h"

#include "base/utf8.h"
#include "base/vec.h"
#include "domain/definition/csv.h"
#include "domain/definition/procedure_read.h"
#include "i18n/romaji.h"
#include "i18n/ruby.h"
#include "i18n/width.h"

/* ---- the forms of a text ---- */

/* Between the words of a list: no pattern holds it. */
#define APART "\n"

struct piece {
	struct str shown;
	struct str forms[FORM_COUNT];
};
struct pieces {
	struct arena *arena; /* for what is kept */
	struct arena *scratch;
	VEC(struct piece) all;
};

static bool is_word(uint32_t point)
{
	return point >= 0x80 || (point >= '0' && point <= '9') || ((point | 0x20) >= 'a' && (point | 0x20) <= 'z');
}

static void add_word(struct pieces *pieces, struct str word)
{
	struct piece *piece = vec_add(pieces->scratch, &pieces->all);

	piece->shown = word;
	piece->forms[FORM_WORDS] = width_fold(pieces->scratch, word);
}

/* "part-time" are two words, as somebody's "part time" is. */
static void add_words(struct pieces *pieces, struct str text)
{
	struct str start = text;

	for (struct str rest = text; rest.n > 0;) {
		struct str before = rest;

		if (is_word(utf8_next(&rest)))
			continue;
		if (before.p > start.p)
			add_word(pieces, str_make(start.p, (size_t)(before.p - start.p)));
		start = rest;
	}
	if (start.n > 0)
		add_word(pieces, start);
}

static void add_japanese(struct pieces *pieces, struct str written, struct str reading)
{
	struct piece *piece = vec_add(pieces->scratch, &pieces->all);

	piece->shown = written;
	piece->forms[FORM_WRITTEN] = width_fold(pieces->scratch, written);
	piece->forms[FORM_READING] = width_fold(pieces->scratch, reading);
	piece->forms[FORM_ROMAJI] = romaji_of_kana(pieces->scratch, piece->forms[FORM_READING]);
}

/* Latin letters, with their diacritics: "gia hạn". */
static bool is_latin(struct arena *arena, struct str text)
{
	return width_first_not_ascii(width_fold(arena, text)).n == 0;
}

/* The forms of all pieces behind each other, and where each begins. */
static void finish(struct pieces *pieces, struct search_text *out)
{
	struct arena *arena = pieces->arena;
	struct str *shown = arena_array(arena, struct str, pieces->all.n);

	for (int form = 0; form < FORM_COUNT; form++) {
		uint32_t *starts = arena_array(arena, uint32_t, pieces->all.n + 1);
		struct str between = form == FORM_WORDS ? STR(" ") : out->list ? STR(APART) : STR("");
		struct buf all;

		buf_init(&all, pieces->scratch, LIMIT_DEFINITION_FILE);
		for (size_t i = 0; i < pieces->all.n; i++) {
			struct str one = pieces->all.v[i].forms[form];

			if (all.n > 0 && one.n > 0)
				buf_str(&all, between);
			starts[i] = (uint32_t)all.n;
			buf_str(&all, one);
			shown[i] = pieces->all.v[i].shown;
		}
		starts[pieces->all.n] = (uint32_t)all.n;
		out->forms[form] = all.n > 0 ? str_dup(arena, buf_view(&all)) : (struct str){0};
		out->starts[form] = starts;
	}
	out->pieces = shown;
	out->piece_count = pieces->all.n;
}

void search_text_english(struct arena *arena, struct arena *scratch, struct str text, struct search_text *out)
{
	struct pieces pieces = {.arena = arena, .scratch = scratch};

	add_words(&pieces, text);
	finish(&pieces, out);
}

static void add_ruby(struct pieces *pieces, struct str text)
{
	struct ruby_reader reader = {.rest = text};
	struct ruby_piece one;

	while (ruby_next(&reader, &one)) {
		if (one.kind == RUBY_PAIR)
			add_japanese(pieces, one.text, one.reading);
		else if (one.kind == RUBY_TEXT)
			add_japanese(pieces, one.text, one.text);
	}
}

void search_text_japanese(struct arena *arena, struct arena *scratch, struct str text, struct search_text *out)
{
	struct pieces pieces = {.arena = arena, .scratch = scratch};

	add_ruby(&pieces, text);
	finish(&pieces, out);
}

void search_text_list(struct arena *arena, struct arena *scratch, struct str text, struct search_text *out)
{
	struct pieces pieces = {.arena = arena, .scratch = scratch};
	struct str rest = width_half(arena, text), word;

	out->list = true;
	while (str_next(&rest, ' ', &word)) {
		if (word.n > 0 && is_latin(scratch, word))
			add_words(&pieces, word);
		else if (word.n > 0)
			add_japanese(&pieces, word, word);
	}
	finish(&pieces, out);
}

/* ---- the catalogue ---- */

struct indexing {
	struct arena *arena;
	struct arena *scratch; /* for one text */
	struct arena *lists;   /* until all is there */
	VEC(struct search_text) texts;
	VEC(struct search_synonym) synonyms;
};

static struct search_text *add_text(struct indexing *to, const struct procedure *procedure, enum search_source source)
{
	struct search_text *text = vec_add(to->lists, &to->texts);

	*text = (struct search_text){.procedure = procedure, .source = source};
	return text;
}

static void add_both(struct indexing *to, const struct procedure *procedure, enum search_source source, const struct text *text)
{
	search_text_japanese(to->arena, to->scratch, text_form(text, LANG_JA, TEXT_WORDS), add_text(to, procedure, source));
	search_text_english(to->arena, to->scratch, text_form(text, LANG_EN, TEXT_WORDS), add_text(to, procedure, source));
	arena_reset(to->scratch);
}

/* The statuses that people choose from at the beginning say whom it is for: of the first list of the form. */
static void add_statuses(struct indexing *to, const struct procedure *procedure)
{
	for (size_t i = 0; i < procedure->field_count; i++) {
		const struct field *field = procedure->fields[i];

		if (field->section != procedure->sections[0] || !field->controls || !field_has_choices(field) || field->depends_on)
			continue;
		for (size_t c = 0; c < field->choices->n; c++)
			add_both(to, procedure, SEARCH_STATUS, &field->choices->v[c].label);
		return;
	}
}

static void add_procedure(struct indexing *to, const struct procedure *procedure)
{
	add_both(to, procedure, SEARCH_TITLE, &procedure->title);
	add_both(to, procedure, SEARCH_TITLE, &procedure->short_title);
	add_both(to, procedure, SEARCH_SUMMARY, &procedure->summary);
	add_both(to, procedure, SEARCH_EXPLANATION, &procedure->explanation);
	search_text_list(to->arena, to->scratch, procedure->keywords, add_text(to, procedure, SEARCH_KEYWORDS));
	add_statuses(to, procedure);
	for (size_t i = 0; i < procedure->section_count; i++)
		add_both(to, procedure, SEARCH_SECTION, &procedure->sections[i]->title);
}

/* ---- synonyms.csv: group,word ---- */

static void read_synonym(struct indexing *to, struct faults *faults, const struct csv_row *row)
{
	struct search_synonym *synonym;
	size_t offset = 0;

	if (row->n != 2 || row->cells[0].text.n == 0 || row->cells[1].text.n == 0) {
		fault_at(faults, row->cells[0].place, "a line of synonyms has a group and a word");
		return;
	}
	if (reading_check(row->cells[1].text, false, &offset) != READING_OK) {
		fault_at(faults, row->cells[1].place, "the notation of the readings is broken");
		return;
	}
	synonym = vec_add(to->lists, &to->synonyms);
	synonym->group = row->cells[0].text;
	if (is_latin(to->scratch, row->cells[1].text))
		search_text_english(to->arena, to->scratch, row->cells[1].text, &synonym->text);
	else
		search_text_japanese(to->arena, to->scratch, row->cells[1].text, &synonym->text);
	arena_reset(to->scratch);
}

static err read_synonyms(struct indexing *to, struct arena *scratch, const char *folder, struct definition_problems *problems)
{
	struct definition_problems quiet = {0};
	struct reader reader;
	struct csv csv;
	size_t before = problems->n;

	/* A folder without synonyms is complete: that there is no file is no fault. */
	buf_init(&quiet.text, scratch, LIMIT_PAGE);
	reader_init(&reader, to->arena, scratch, folder, &quiet);
	struct source *source = reader_source(&reader, STR("synonyms.csv"), NULL);

	if (source->missing)
		return ok();
	faults_init(&reader.faults, to->arena, problems);
	if (csv_read(to->arena, scratch, &reader.faults, source->shown, source->bytes, &csv)) {
		for (size_t i = 1; i < csv.n; i++)
			read_synonym(to, &reader.faults, &csv.rows[i]);
	}
	return problems->n == before ? ok() : fail(ERR_INVALID, "synonyms.csv has faults");
}

err search_index_make(struct arena *arena, const struct catalogue *catalogue, const char *folder, struct definition_problems *problems,
	const struct search_index **out)
{
	AUTO_ARENA scratch, text_scratch;
	struct indexing to = {.arena = arena, .scratch = &text_scratch, .lists = &scratch};

	arena_init(&scratch, LIMIT_STARTUP_ARENA);
	arena_init(&text_scratch, LIMIT_STARTUP_ARENA);
	for (size_t i = 0; i < catalogue->n; i++)
		add_procedure(&to, catalogue->v[i]);
	TRY(read_synonyms(&to, &scratch, folder, problems));
	struct search_index *index = arena_new(arena, struct search_index);
	struct search_text *texts = arena_array(arena, struct search_text, to.texts.n);
	struct search_synonym *synonyms = arena_array(arena, struct search_synonym, to.synonyms.n);

	for (size_t i = 0; i < to.texts.n; i++)
		texts[i] = to.texts.v[i];
	for (size_t i = 0; i < to.synonyms.n; i++)
		synonyms[i] = to.synonyms.v[i];
	*index = (struct search_index){
		.catalogue = catalogue,
		.texts = texts,
		.text_count = to.texts.n,
		.synonyms = synonyms,
		.synonym_count = to.synonyms.n,
	};
	*out = index;
	return ok();
}
