#include "domain/definition/procedure_use.h"

#include "base/encode.h"
#include "base/time.h"
#include "base/utf8.h"

/* procedure.yaml as a whole, and the catalogue of all of them. */

/* Trees, file contents and lists on the way; the largest folder takes a tenth of it. */
#define SCRATCH_MAX ((size_t)64 << 20)

static const char *const procedure_keys[] = {
	"order", "time", "special_period",
	"code", "title", "short_title", "summary", "explanation", "contact", "terms", "needs", "after", "keywords", "reception",
	"user_types", "office_field", "name_field", "email_field", "status_field", "activity_field", "card_reading", "tax_information", "use", "use_months", "choices", "sections", "checks", "lookups", "moved",
	"photo", "attachments", "documents", NULL,
};

static void read_texts(struct reader *reader, const struct node *node, struct procedure *procedure)
{
	const struct {
		const char *key;
		struct text *text;
	} texts[] = {
		{"title", &procedure->title}, {"short_title", &procedure->short_title}, {"summary", &procedure->summary},
		{"explanation", &procedure->explanation}, {"needs", &procedure->needs}, {"contact", &procedure->contact},
		{"terms", &procedure->terms}, {"after", &procedure->after},
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct node *value = node_need(reader, node, texts[i].key);
		if (value)
			(void)node_text(reader, value, texts[i].text);
	}
	if (node_get(node, "time"))
		(void)node_text(reader, node_get(node, "time"), &procedure->time);
}

static void read_code(struct reader *reader, const struct node *node, struct procedure *procedure)
{
	const struct node *value = node_need(reader, node, "code");
	if (value && node_word(reader, value, &procedure->code) && utf8_count(procedure->code) != 1)
		fault_at(&reader->faults, value->place, "the code is one character");
	int64_t order = 999;
	value = node_get(node, "order");
	if (value)
		(void)node_number(reader, value, 1, 999, &order);
	procedure->order = (unsigned)order;
	value = node_get(node, "keywords");
	if (value)
		(void)node_word(reader, value, &procedure->keywords);
}

static void read_day(struct reader *reader, const struct node *map, const char *key, int32_t *out)
{
	const struct node *value = node_need(reader, map, key);
	int64_t date;
	if (!value || !node_number(reader, value, 0, 99991231, &date))
		return;
	if (date && !date_valid((int32_t)date))
		fault_at(&reader->faults, value->place, "there is no such day");
	*out = (int32_t)date;
}

static void read_reception(struct reader *reader, const struct node *node, struct procedure *procedure)
{
	static const char *const keys[] = {"from", "until", NULL};
	const struct node *map = node_need(reader, node, "reception");
	if (!map || !node_is_map(reader, map, "reception"))
		return;
	(void)node_keys(reader, map, keys);
	read_day(reader, map, "from", &procedure->open_from);
	read_day(reader, map, "until", &procedure->open_until);
	if (procedure->open_from && procedure->open_until && procedure->open_from > procedure->open_until)
		fault_at(&reader->faults, map->place, "reception ends before it begins");
}

unsigned user_types_read(struct reader *reader, const struct node *list, const char *key)
{
	unsigned types = 0;
	if (!node_is_list(reader, list, key))
		return 0;
	if (list->n == 0)
		fault_at(&reader->faults, list->place, "nobody is named: %s is empty", key);
	for (size_t i = 0; i < list->n; i++) {
		struct str word;
		int type = 0;
		if (!node_word(reader, list->items[i], &word))
			continue;
		while (type < USER_TYPE_COUNT && !str_eq(word, str_of(user_type_name((enum user_type)type))))
			type++;
		if (type == USER_TYPE_COUNT)
			fault_at(&reader->faults, list->items[i]->place, "unknown user type '" STR_FMT "'", STR_ARG(word));
		else
			types |= 1u << type;
	}
	return types;
}

static void read_user_types(struct reader *reader, const struct node *node, struct procedure *procedure)
{
	const struct node *list = node_need(reader, node, "user_types");
	unsigned types = list ? user_types_read(reader, list, "user_types") : 0;
	for (int type = 0; type < USER_TYPE_COUNT; type++)
		procedure->user_types[type] = types & 1u << type;
}

static void read_card_steps(struct reader *reader, const struct node *list, struct procedure *procedure)
{
	static const char *const names[CARD_STEP_COUNT] = {"", "auth", "basic4"};
	size_t known = sizeof procedure->card_steps / sizeof *procedure->card_steps;
	if (!node_is_list(reader, list, "steps"))
		return;
	if (list->n == 0)
		fault_at(&reader->faults, list->place, "nothing is read: steps is empty");
	for (size_t i = 0; i < list->n; i++) {
		struct str word;
		enum card_step step = CARD_STEP_AUTH;
		if (!node_word(reader, list->items[i], &word))
			continue;
		while (step < CARD_STEP_COUNT && !str_eq(word, str_of(names[step])))
			step++;
		if (step == CARD_STEP_COUNT)
			fault_at(&reader->faults, list->items[i]->place, "unknown reading '" STR_FMT "'", STR_ARG(word));
		else if (procedure_has_step(procedure, step))
			fault_at(&reader->faults, list->items[i]->place, "'" STR_FMT "' is read already", STR_ARG(word));
		else if (step == CARD_STEP_AUTH && i > 0)
			fault_at(&reader->faults, list->items[i]->place, "auth comes first");
		else if (i < known)
			procedure->card_steps[i] = step;
	}
}

/* Behind the user types. */
static void read_card_reading(struct reader *reader, const struct node *node, struct procedure *procedure)
{
	static const char *const keys[] = {"steps", "for", NULL};
	const struct node *map = node_get(node, "card_reading");
	if (!map || !node_is_map(reader, map, "card_reading"))
		return;
	(void)node_keys(reader, map, keys);
	const struct node *steps = node_need(reader, map, "steps");
	const struct node *readers = node_get(map, "for");
	if (steps)
		read_card_steps(reader, steps, procedure);
	unsigned types = readers ? user_types_read(reader, readers, "for") : 0;
	for (unsigned type = 0; type < USER_TYPE_COUNT; type++) {
		if (!readers && procedure->user_types[type])
			types |= 1u << type;
		if (types >> type & 1 && !procedure->user_types[type])
			fault_at(&reader->faults, readers->place, "the procedure is not for %s", user_type_name((enum user_type)type));
	}
	procedure->card_reading_for = types;
}

static void read_use(struct reader *reader, const struct node *node, struct procedure *procedure)
{
	const struct node *value = node_get(node, "use");
	const struct node *months = node_get(node, "use_months");
	struct str word;
	int64_t number = 0;
	if (value && node_word(reader, value, &word)) {
		if (str_eq(word, STR("needed")))
			procedure->use = USE_NEEDED;
		else if (str_eq(word, STR("request")))
			procedure->use = USE_REQUEST;
		else if (str_eq(word, STR("renewal")))
			procedure->use = USE_RENEWAL;
		else
			fault_at(&reader->faults, value->place, "use is needed, request or renewal, not '" STR_FMT "'", STR_ARG(word));
	}
	if (!months || !node_number(reader, months, 1, 120, &number))
		return;
	procedure->use_months = (unsigned)number;
	if (value && procedure->use == USE_NEEDED)
		fault_at(&reader->faults, months->place, "only a request is good for some months");
	else if (!value)
		fault_at(&reader->faults, months->place, "use_months without use");
}

/* A field outside groups; NULL: reported, or not named where it need not be. */
static const struct field *read_role(struct building *building, const struct node *node, const char *key, bool needed, struct str *out)
{
	struct reader *reader = building->reader;
	const struct node *value = needed ? node_need(reader, node, key) : node_get(node, key);
	if (!value || !node_word(reader, value, out))
		return NULL;
	const struct field *field = building_field(building, *out, NULL);
	if (!field)
		fault_at(&reader->faults, value->place, "there is no field '" STR_FMT "'", STR_ARG(*out));
	return field && field->type != FIELD_TYPE_COUNT ? field : NULL;
}

static void read_alias_role(struct building *building, const struct node *node, const char *key)
{
	struct str id;
	const struct field *field = read_role(building, node, key, false, &id);
	if (field && (!field_has_choices(field) || field->type == FIELD_MULTI))
		fault_at(&building->reader->faults, node_get(node, key)->place, "'" STR_FMT "' must be a choice of one", STR_ARG(id));
}

static void read_roles(struct building *building, const struct node *node)
{
	struct reader *reader = building->reader;
	struct procedure *procedure = building->procedure;
	const struct field *field = read_role(building, node, "name_field", true, &procedure->name_field);
	if (field && field->type != FIELD_TEXT)
		fault_at(&reader->faults, node_get(node, "name_field")->place, "the name must be a text");
	field = read_role(building, node, "email_field", false, &procedure->email_field);
	if (field && field->type != FIELD_EMAIL)
		fault_at(&reader->faults, node_get(node, "email_field")->place, "the address for notices must be of type email");
	read_alias_role(building, node, "status_field");
	read_alias_role(building, node, "activity_field");
	field = read_role(building, node, "office_field", false, &procedure->office_field);
	if (!field)
		return;
	bool single = field_has_choices(field) && field->type != FIELD_MULTI;
	bool letters = single && field->choices && (field->choices->has_letters || field->choices->n == 0);
	if (!letters)
		fault_at(&reader->faults, node_get(node, "office_field")->place,
			"the office must be chosen from a list with the column `letter`");
}

static void read_sections(struct building *building, const struct node *node)
{
	struct reader *reader = building->reader;
	const struct node *list = node_need(reader, node, "sections");
	if (!list || !node_is_list(reader, list, "sections"))
		return;
	if (list->n == 0)
		fault_at(&reader->faults, list->place, "there are no sections");
	for (size_t i = 0; i < list->n; i++)
		section_read(building, list->items[i]);
}

static void read_checks(struct building *building, const struct node *node)
{
	struct reader *reader = building->reader;
	const struct node *own = node_get(node, "checks");
	if (own && node_is_list(reader, own, "checks"))
		for (size_t i = 0; i < own->n; i++)
			vec_push(reader->scratch, &building->checks, own->items[i]);
	VEC(struct check) checks = {0};
	for (size_t i = 0; i < building->checks.n; i++) {
		const struct node *item = building->checks.v[i];
		struct check check;
		if (!building_has(building, item) || !check_read(building, item, &check))
			continue;
		for (size_t j = 0; j < checks.n; j++)
			if (str_eq(checks.v[j].id, check.id))
				fault_at(&reader->faults, node_get(item, "id")->place, "a check '" STR_FMT "' is there already", STR_ARG(check.id));
		vec_push(reader->arena, &checks, check);
	}
	building->procedure->checks = checks.v;
	building->procedure->check_count = checks.n;
}

static void link_all(struct building *building)
{
	lists_link(building);
	for (size_t i = 0; i < building->fields.n; i++)
		field_link(building, &building->fields.v[i]);
	for (size_t i = 0; i < building->sections.n; i++)
		section_link(building, &building->sections.v[i]);
	one_of_link(building);
	controls_link(building);
}

static int by_path(const void *a, const void *b)
{
	const struct source *const *x = a;
	const struct source *const *y = b;
	return str_cmp((*x)->path, (*y)->path);
}

/* The digest of the names and digests of all files that the procedure is made of, in the order of their names. */
static struct str version_of(struct building *building)
{
	struct buf listed;
	uint8_t digest[SHA256_BYTES];
	qsort(building->sources.v, building->sources.n, sizeof *building->sources.v, by_path);
	buf_init(&listed, building->reader->scratch, LIMIT_DEFINITION_FILE);
	for (size_t i = 0; i < building->sources.n; i++) {
		buf_str(&listed, building->sources.v[i]->path);
		buf_byte(&listed, '\0');
		buf_bytes(&listed, building->sources.v[i]->digest, sizeof building->sources.v[i]->digest);
	}
	sha256(buf_view(&listed), digest);
	struct buf hex;
	buf_init(&hex, building->reader->arena, 16);
	hex_write(&hex, str_make((const char *)digest, 8));
	return buf_view(&hex);
}

static void publish(struct building *building)
{
	struct arena *arena = building->reader->arena;
	struct procedure *procedure = building->procedure;
	const struct field **fields = arena_array(arena, const struct field *, building->fields.n);
	for (size_t i = 0; i < building->fields.n; i++)
		fields[i] = building->fields.v[i].field;
	const struct section **sections = arena_array(arena, const struct section *, building->sections.n);
	for (size_t i = 0; i < building->sections.n; i++)
		sections[i] = building->sections.v[i].section;
	procedure->fields = fields;
	procedure->field_count = building->fields.n;
	procedure->sections = sections;
	procedure->section_count = building->sections.n;
	procedure->calc_count = building->calcs.n;
	procedure->calcs = building->calcs.v;
	procedure->version = version_of(building);
	struct str *files = arena_array(arena, struct str, building->sources.n);
	for (size_t i = 0; i < building->sources.n; i++) /* in order: version_of has sorted them */
		files[i] = str_dup(arena, building->sources.v[i]->path);
	procedure->files = files;
	procedure->file_count = building->sources.n;
}

/* Before the fields: whether it is there, and whether it is a choice, read_roles sees. */
static void read_alias(struct reader *reader, const struct node *node, const char *key, struct str *out)
{
	const struct node *value = node_get(node, key);
	if (value)
		(void)node_id(reader, value, out);
}

bool reader_knows_procedure(const struct reader *reader, struct str id)
{
	return reader->procedures.n == 0 || map_get(&reader->procedures, id);
}

struct procedure *procedure_read(struct reader *reader, struct str id)
{
	struct str path = str_fmt(reader->scratch, STR_FMT "/procedure.yaml", STR_ARG(id));
	struct source *source = reader_source(reader, path, NULL);
	const struct node *node = reader_tree(reader, source);
	if (!node)
		return NULL;
	struct procedure *procedure = arena_new(reader->arena, struct procedure);
	struct building building = {.reader = reader, .procedure = procedure, .path = source->shown};
	size_t before = reader->faults.problems->n;
	procedure->id = id;
	map_init(&procedure->by_id, reader->arena);
	map_init(&building.lists, reader->scratch);
	map_init(&building.list_nodes, reader->scratch);
	building_source(&building, source);
	(void)node_keys(reader, node, procedure_keys);
	read_code(reader, node, procedure);
	read_texts(reader, node, procedure);
	read_reception(reader, node, procedure);
	read_user_types(reader, node, procedure);
	read_alias(reader, node, "status_field", &procedure->status_field);
	read_alias(reader, node, "activity_field", &procedure->activity_field);
	read_card_reading(reader, node, procedure);
	read_use(reader, node, procedure);
	if (node_get(node, "tax_information"))
		(void)node_bool(reader, node_get(node, "tax_information"), &procedure->tax_information);
	if (node_get(node, "choices"))
		lists_read(&building, node_get(node, "choices"));
	read_sections(&building, node);
	link_all(&building);
	read_checks(&building, node);
	if (building.fields.n) /* none at all: said already */
		read_roles(&building, node);
	stay_read(&building, node);
	documents_read(&building, node);
	if (node_get(node, "lookups"))
		lookups_read(&building, node_get(node, "lookups"));
	if (node_get(node, "moved"))
		moves_read(&building, node_get(node, "moved"));
	procedure_verify(&building);
	if (reader->faults.problems->n != before)
		return NULL;
	reaches_link(&building);
	use_procedure(&building);
	publish(&building);
	minutes_find(procedure, procedure->minutes);
	return procedure;
}

static bool is_procedure_folder(struct reader *reader, struct str name)
{
	if (str_eq(name, STR("shared")) || str_eq(name, STR("codes")) || str_find_byte(name, '.') >= 0)
		return false;
	if (id_valid(name))
		return true;
	struct str shown = str_fmt(reader->scratch, "%s/" STR_FMT, reader->folder, STR_ARG(name));
	fault_at(&reader->faults, (struct place){str_c(reader->scratch, shown), 1, 1}, "the name of a procedure is of a-z, 0-9 and _");
	return false;
}

static int by_order(const void *a, const void *b)
{
	const struct procedure *x = *(const struct procedure *const *)a, *y = *(const struct procedure *const *)b;
	return x->order != y->order ? (x->order > y->order ? 1 : -1) : str_cmp(x->id, y->id);
}

static err read_all(struct arena *arena, const char *folder, bool thorough, struct definition_problems *problems, struct catalogue *out)
{
	AUTO_ARENA scratch;
	struct reader reader;
	struct str *names;
	size_t count;
	VEC(const struct procedure *) procedures = {0};
	struct catalogue catalogue = {0};
	arena_init(&scratch, SCRATCH_MAX);
	reader_init(&reader, arena, &scratch, folder, problems);
	TRY(reader_names(&reader, "", &names, &count));
	TRY(codes_read_all(&reader));
	fees_read(&reader, &catalogue.fees);
	map_init(&catalogue.by_id, arena);
	map_init(&reader.procedures, &scratch);
	if (thorough)
		uses_begin(&reader);
	for (size_t i = 0; i < count; i++) {
		if (!is_procedure_folder(&reader, names[i]))
			names[i] = (struct str){0};
		else
			map_put(&reader.procedures, names[i], &reader);
	}
	for (size_t i = 0; i < count; i++) {
		if (str_empty(names[i]))
			continue;
		struct procedure *procedure = procedure_read(&reader, names[i]);
		if (!procedure)
			continue;
		vec_push(arena, &procedures, procedure);
		map_put(&catalogue.by_id, procedure->id, procedure);
	}
	if (problems->n == 0)
		use_finish(&reader);
	if (problems->n)
		return fail(ERR_INVALID, "%zu faults in the procedures of %s", problems->n, folder);
	if (procedures.n)
		qsort(procedures.v, procedures.n, sizeof *procedures.v, by_order);
	catalogue.v = procedures.v;
	catalogue.n = procedures.n;
	catalogue.lists = reader.lists;
	*out = catalogue;
	return ok();
}

err catalogue_read(struct arena *arena, const char *folder, struct definition_problems *problems, struct catalogue *out)
{
	return read_all(arena, folder, false, problems, out);
}

err catalogue_check(struct arena *arena, const char *folder, struct definition_problems *problems, struct catalogue *out)
{
	return read_all(arena, folder, true, problems, out);
}
