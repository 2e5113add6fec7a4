#include "domain/definition/procedure_read.h"

#include "base/time.h"
#include "base/utf8.h"

/*
 * Lists of choices, from a CSV file of codes/ or from `choices` of a procedure. Both are brought to rows of the same
 * columns, so that one function checks them.
 */

enum column { COLUMN_VALUE, COLUMN_PARENT, COLUMN_FROM, COLUMN_UNTIL, COLUMN_LETTER, COLUMN_POINTS, COLUMN_LANG, COLUMN_COUNT = COLUMN_LANG + LANG_COUNT };

static struct str column_name(size_t column)
{
	static const char *const names[] = {
		[COLUMN_VALUE] = "value",      [COLUMN_PARENT] = "parent", [COLUMN_FROM] = "valid_from",
		[COLUMN_UNTIL] = "valid_until", [COLUMN_LETTER] = "letter", [COLUMN_POINTS] = "points",
	};
	return column < COLUMN_LANG ? str_of(names[column]) : locale_get((enum lang)(column - COLUMN_LANG), false)->tag;
}

static size_t column_find(struct str name)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		if (str_eq(name, column_name(i)))
			return i;
	return COLUMN_COUNT;
}

struct raw_choice {
	struct place place; /* of the whole */
	struct {
		struct str text; /* empty: not given */
		struct place place;
		const struct node *node;
	} cells[COLUMN_COUNT];
};

static bool raw_value(struct reader *reader, const struct raw_choice *raw, enum column column, struct str *out)
{
	struct str text = raw->cells[column].text;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] <= 0x20 || text.p[i] >= 0x7F) {
			fault_at(&reader->faults, raw->cells[column].place, "a value is of visible ASCII without blanks");
			return false;
		}
	}
	if (text.n > 64) {
		fault_at(&reader->faults, raw->cells[column].place, "a value of more than 64 characters");
		return false;
	}
	*out = text.n ? text : (struct str){0};
	return true;
}

static bool raw_date(struct reader *reader, const struct raw_choice *raw, enum column column, int32_t *out)
{
	struct str text = raw->cells[column].text;
	int64_t date;
	if (str_empty(text)) {
		*out = 0;
		return true;
	}
	if (text.n != 8 || !str_to_i64(text, &date) || date < 0 || !date_valid((int32_t)date)) {
		fault_at(&reader->faults, raw->cells[column].place, "'" STR_FMT "' is no date YYYYMMDD", STR_ARG(text));
		return false;
	}
	*out = (int32_t)date;
	return true;
}

static bool raw_label(struct reader *reader, const struct raw_choice *raw, size_t lang, struct text *out)
{
	size_t column = COLUMN_LANG + lang;
	struct str text = str_trim(raw->cells[column].text);
	struct place place = raw->cells[column].place;
	if (str_empty(text)) {
		fault_at(&reader->faults, place.line ? place : raw->place, "the label has no '" STR_FMT "'", STR_ARG(column_name(column)));
		return false;
	}
	return text_take(reader, place, raw->cells[column].node, (enum lang)lang, text, out);
}

static bool raw_letter(struct reader *reader, const struct raw_choice *raw, bool wanted, struct str *out)
{
	struct str letter = raw->cells[COLUMN_LETTER].text;
	if (wanted && utf8_count(letter) != 1) {
		struct place place = raw->cells[COLUMN_LETTER].place;
		fault_at(&reader->faults, place.line ? place : raw->place, "the letter must be one character");
		return false;
	}
	*out = letter.n ? letter : (struct str){0};
	return true;
}

static bool raw_points(struct reader *reader, const struct raw_choice *raw, bool wanted, int32_t *out)
{
	int64_t points = 0;
	if (wanted && (!str_to_i64(raw->cells[COLUMN_POINTS].text, &points) || points < -LIMIT_POINTS || points > LIMIT_POINTS)) {
		struct place place = raw->cells[COLUMN_POINTS].place;
		fault_at(&reader->faults, place.line ? place : raw->place, "the points must be a whole number from -%d to %d", LIMIT_POINTS,
			LIMIT_POINTS);
		return false;
	}
	*out = (int32_t)points;
	return true;
}

static bool choice_make(struct reader *reader, const struct raw_choice *raw, bool letters, bool points, struct choice *out)
{
	struct choice choice = {0};
	if (str_empty(raw->cells[COLUMN_VALUE].text)) {
		struct place place = raw->cells[COLUMN_VALUE].place;
		fault_at(&reader->faults, place.line ? place : raw->place, "the choice has no value");
		return false;
	}
	/* All of them, whatever the one before answered: each reports. */
	bool good = raw_value(reader, raw, COLUMN_VALUE, &choice.value);
	good &= raw_value(reader, raw, COLUMN_PARENT, &choice.parent);
	good &= raw_date(reader, raw, COLUMN_FROM, &choice.valid_from);
	good &= raw_date(reader, raw, COLUMN_UNTIL, &choice.valid_until);
	good &= raw_letter(reader, raw, letters, &choice.letter);
	good &= raw_points(reader, raw, points, &choice.points);
	for (size_t lang = 0; lang < LANG_COUNT; lang++)
		good &= raw_label(reader, raw, lang, &choice.label);
	if (good && choice.valid_from && choice.valid_until && choice.valid_from > choice.valid_until) {
		fault_at(&reader->faults, raw->cells[COLUMN_UNTIL].place, "valid_until lies before valid_from");
		good = false;
	}
	if (!good)
		return false;
	*out = choice;
	return true;
}

struct gathered {
	struct choice *choices;
	struct place *places;     /* of each */
	size_t n;
	bool letters, points;     /* the list has the column */
	bool faulty;
};

/* False: reported. */
static bool gathered_init(struct reader *reader, struct gathered *list, struct place place, size_t count)
{
	*list = (struct gathered){0};
	if (count == 0 || count > LIMIT_CHOICES) {
		fault_at(&reader->faults, place, "a list has 1 to %u choices, this one %zu", LIMIT_CHOICES, count);
		return false;
	}
	list->choices = arena_array(reader->arena, struct choice, count);
	list->places = arena_array(reader->scratch, struct place, count);
	return true;
}

static void gather(struct reader *reader, struct gathered *list, const struct raw_choice *raw)
{
	if (!choice_make(reader, raw, list->letters, list->points, &list->choices[list->n])) {
		list->faulty = true;
		return;
	}
	list->places[list->n++] = raw->place;
}

static struct choice_list *list_make(struct reader *reader, struct str id, const struct gathered *from)
{
	if (from->faulty)
		return NULL;
	struct choice_list *list = arena_new(reader->arena, struct choice_list);
	*list = (struct choice_list){.id = id, .v = from->choices, .n = from->n, .has_letters = from->letters, .has_points = from->points};
	const struct choice *twice;
	if (failed(choice_list_index(reader->arena, list, &twice))) {
		fault_at(&reader->faults, from->places[twice - list->v], "value '" STR_FMT "' stands twice in the list",
			STR_ARG(twice->value));
		return NULL;
	}
	return list;
}

/* Column of each cell of the first line; false: reported. */
static bool csv_columns(struct reader *reader, const struct csv_row *head, size_t columns[COLUMN_COUNT])
{
	bool there[COLUMN_COUNT] = {0};
	for (size_t i = 0; i < head->n; i++) {
		struct csv_cell cell = head->cells[i];
		size_t column = column_find(cell.text);
		if (column == COLUMN_COUNT || there[column]) {
			fault_at(&reader->faults, cell.place, column == COLUMN_COUNT ? "unknown column '" STR_FMT "'" : "column '" STR_FMT "' twice",
				STR_ARG(cell.text));
			return false;
		}
		there[column] = true;
		columns[i] = column;
	}
	for (size_t column = 0; column < COLUMN_COUNT; column++) {
		bool needed = column == COLUMN_VALUE || column >= COLUMN_LANG;
		if (needed && !there[column]) {
			fault_at(&reader->faults, head->cells[0].place, "there is no column '" STR_FMT "'", STR_ARG(column_name(column)));
			return false;
		}
	}
	return true;
}

static void csv_row_read(struct reader *reader, const struct csv_row *row, const size_t *columns, size_t width, struct gathered *list)
{
	struct raw_choice raw = {.place = row->cells[0].place};
	if (row->n != width) {
		fault_at(&reader->faults, raw.place, "%zu cells, but the file has %zu columns", row->n, width);
		list->faulty = true;
		return;
	}
	for (size_t i = 0; i < width; i++) {
		raw.cells[columns[i]].text = row->cells[i].text;
		raw.cells[columns[i]].place = row->cells[i].place;
	}
	gather(reader, list, &raw);
}

struct choice_list *codes_read_csv(struct reader *reader, struct source *source, struct str id)
{
	struct csv csv;
	struct place top = {source->shown, 1, 1};
	size_t columns[COLUMN_COUNT] = {0};
	if (!csv_read(reader->arena, reader->scratch, &reader->faults, source->shown, source->bytes, &csv))
		return NULL;
	if (csv.n == 0) {
		fault_at(&reader->faults, top, "the file is empty");
		return NULL;
	}
	if (!csv_columns(reader, &csv.rows[0], columns))
		return NULL;
	size_t width = csv.rows[0].n;
	struct gathered list;
	if (!gathered_init(reader, &list, top, csv.n - 1))
		return NULL;
	for (size_t i = 0; i < width; i++) {
		list.letters |= columns[i] == COLUMN_LETTER;
		list.points |= columns[i] == COLUMN_POINTS;
	}
	for (size_t i = 1; i < csv.n; i++)
		csv_row_read(reader, &csv.rows[i], columns, width, &list);
	return list_make(reader, id, &list);
}

static bool raw_from_node(struct reader *reader, const struct node *node, struct raw_choice *raw)
{
	if (!node_is_map(reader, node, "a choice"))
		return false;
	*raw = (struct raw_choice){.place = node->place};
	for (size_t i = 0; i < node->n; i++) {
		size_t column = column_find(node_key_at(node, i)->text);
		struct str text;
		if (column == COLUMN_COUNT) {
			fault_at(&reader->faults, node_key_at(node, i)->place, "unknown key '" STR_FMT "' of a choice", STR_ARG(node_key_at(node, i)->text));
			return false;
		}
		if (!node_word(reader, node->items[i], &text))
			return false;
		raw->cells[column].text = text;
		raw->cells[column].place = node->items[i]->place;
		raw->cells[column].node = node->items[i];
	}
	return true;
}

struct choice_list *codes_read_node(struct reader *reader, const struct node *node, struct str id)
{
	if (!node_is_list(reader, node, "a list of choices"))
		return NULL;
	if (node->memo->list)
		return node->memo->list;
	struct gathered list;
	if (!gathered_init(reader, &list, node->place, node->n))
		return NULL;
	for (size_t i = 0; i < node->n; i++) {
		list.letters |= node_get(node->items[i], "letter") != NULL;
		list.points |= node_get(node->items[i], "points") != NULL;
	}
	for (size_t i = 0; i < node->n; i++) {
		struct raw_choice raw;
		if (raw_from_node(reader, node->items[i], &raw))
			gather(reader, &list, &raw);
		else
			list.faulty = true;
	}
	return node->memo->list = list_make(reader, id, &list);
}

void codes_read_file(struct reader *reader, struct str name)
{
	struct str path = str_fmt(reader->arena, "codes/" STR_FMT, STR_ARG(name));
	struct str id = str_dup(reader->arena, str_sub(name, 0, name.n - 4));
	struct source *source = reader_source(reader, path, NULL);
	if (source->missing)
		return;
	if (!id_valid(id)) {
		fault_at(&reader->faults, (struct place){source->shown, 1, 1}, "the name of a list is of a-z, 0-9 and _");
		return;
	}
	struct choice_list *list = codes_read_csv(reader, source, id);
	if (!list)
		list = arena_new(reader->arena, struct choice_list); /* faulty: known, so that nobody reports it as unknown, and empty */
	list->id = id;
	map_put(&reader->lists, id, list);
	map_put(&reader->list_sources, id, source);
}

err codes_read_all(struct reader *reader)
{
	VEC(struct str) names = {0};
	TRY(reader_names(reader, "codes", &names.v, &names.n));
	for (size_t i = 0; i < names.n; i++)
		if (str_ends(names.v[i], STR(".csv")))
			codes_read_file(reader, names.v[i]);
	return ok();
}
