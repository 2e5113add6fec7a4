#include "breaks.h"

#include "base/time.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h> /* behind base/err.h: it has a macro fail() */

/*
 * Every procedure of procedures/, with each choice of the field that decides what is asked: that it can be filled in up to the limits
 * and with what is required only, that what is wrong is refused at its field, and that every choice, question, check and document
 * can come up. Prints how long the ways are. FORMS=change,coe looks at these only,
 * test_forms PATTERN at these tests.
 */

#define TODAY 20261123
#define ATTEMPTS 12 /* at whole forms that a wish allows */
#define MANY 70 /* longer lists are not followed choice by choice into what hangs on them */

static struct arena arena;
static struct catalogue catalogue;
static size_t faults_found;

/* Each is told; a test fails at its end. */
__attribute__((format(printf, 2, 3))) static void report(const struct procedure *procedure, const char *fmt, ...)
{
	va_list args;
	faults_found++;
	(void)fprintf(stderr, STR_FMT ": ", STR_ARG(procedure->id));
	va_start(args, fmt);
	(void)vfprintf(stderr, fmt, args);
	va_end(args);
	(void)fputc('\n', stderr);
}

static bool wanted(const struct procedure *procedure)
{
	const char *names = getenv("FORMS");
	struct str rest = str_of(names), one;
	if (!names || !*names)
		return true;
	while (str_next(&rest, ',', &one))
		if (str_eq(one, procedure->id))
			return true;
	return false;
}

static void for_each(void (*look)(struct solve *solve))
{
	static struct solve solve;
	size_t before = faults_found;
	for (size_t i = 0; i < catalogue.n; i++) {
		if (!wanted(catalogue.v[i]))
			continue;
		int64_t began = time_monotonic();
		solve_init(&solve, catalogue.v[i], TODAY);
		look(&solve);
		print_message("    " STR_FMT ": %zu checks of the form, %lld ms\n", STR_ARG(catalogue.v[i]->id), solve.checks,
			(long long)(time_monotonic() - began));
		solve_release(&solve);
	}
	assert_int_equal(faults_found - before, 0);
}

/* One way through a form: who fills it in, what is applied for. Each is looked at with what follows. */
struct way {
	struct solve *solve;
	enum user_type type;
	struct str status, activity; /* absent: the procedure has no such field, or does not ask it */
};

static const enum user_type first_types[] = {USER_FOREIGN_NATIONAL, USER_ATTORNEY};

static bool set_out(const struct way *way, bool full, unsigned variant)
{
	const struct procedure *procedure = way->solve->values.procedure;
	solve_begin(way->solve, way->type, full, variant);
	bool wished = (str_absent(way->status) || solve_wish_value(way->solve, procedure_field(procedure, procedure->status_field), way->status)) &&
	       (str_absent(way->activity) || solve_wish_value(way->solve, procedure_field(procedure, procedure->activity_field), way->activity));
	return wished && solve_settle(way->solve);
}

struct asks {
	const struct field *field;
	bool found;
};

static bool asks_for(void *arg, const struct rule *comparison)
{
	struct asks *asks = arg;
	asks->found |= comparison->field == asks->field;
	return !asks->found;
}

/* Whether a check says that the answer to this field is why it goes no further: nobody stands before a form that does not say so. */
static bool is_told(struct solve *solve, const struct field *field)
{
	struct issues issues = solve_issues(solve, NULL);
	for (size_t i = 0; i < issues.n; i++) {
		const struct check *check = issues.v[i].check;
		struct asks asks = {field, false};
		if (!check || check->warning)
			continue;
		if (check->rule)
			(void)rule_walk(check->rule, asks_for, &asks);
		if (check->a == field || check->b == field || asks.found)
			return true;
	}
	return false;
}

/* Ways that a check closes to this kind of people; others can go them (test_questions). */
static size_t closed_count;

/* False: in no way; reported, or a check says so on the page that asks for the status. */
static bool walk(const struct way *way, bool full)
{
	const struct procedure *procedure = way->solve->values.procedure;
	bool set = false;
	for (unsigned variant = 0, attempts = 0; variant < VARIANTS && attempts < ATTEMPTS; variant++) {
		if (!set_out(way, full, variant))
			continue;
		set = true;
		attempts++;
		if (solve_finish(way->solve))
			return true;
	}
	if (set && !str_absent(way->status) && is_told(way->solve, procedure_field(procedure, procedure->status_field))) {
		closed_count++;
		return false;
	}
	report(procedure, "%s, " STR_FMT " " STR_FMT ": cannot be filled in%s: " STR_FMT, user_type_name(way->type),
		STR_ARG(way->status), STR_ARG(way->activity), full ? " to the limits" : "", STR_ARG(set ? way->solve->why : STR("contradiction")));
	return false;
}

typedef void look_at_way(const struct way *way);

static void activities(struct way way, look_at_way *look)
{
	const struct procedure *procedure = way.solve->values.procedure;
	const struct field *activity = str_absent(procedure->activity_field) ? NULL : procedure_field(procedure, procedure->activity_field);
	struct str values[64];
	size_t count = 0;
	if (activity && walk(&way, false) && form_field_shown(&way.solve->scope, activity, 0)) {
		struct str parent = solve_parent(way.solve, activity, 0);
		for (size_t i = 0; i < activity->choices->n && count < 64; i++)
			if (choice_offered(&activity->choices->v[i], parent, TODAY))
				values[count++] = activity->choices->v[i].value;
	}
	for (size_t i = 0; i < count; i++) {
		way.activity = values[i];
		look(&way);
	}
	if (count == 0)
		look(&way);
}

static void ways(struct solve *solve, look_at_way *look)
{
	const struct procedure *procedure = solve->values.procedure;
	const struct field *status = str_absent(procedure->status_field) ? NULL : procedure_field(procedure, procedure->status_field);
	for (size_t t = 0; t < sizeof first_types / sizeof *first_types; t++) {
		if (!procedure->user_types[first_types[t]])
			continue;
		struct way way = {.solve = solve, .type = first_types[t]};
		for (size_t i = 0; status && i < status->choices->n; i++) {
			way.status = status->choices->v[i].value;
			if (choice_offered(&status->choices->v[i], (struct str){0}, TODAY))
				activities(way, look);
		}
		if (!status)
			look(&way);
	}
}

/* To the limits, and with what is required only. */

static size_t shortest, longest, way_count;
static char shortest_name[200], longest_name[200];

static void note_length(const struct way *way, size_t asked, bool full)
{
	char *name = full ? longest_name : shortest_name;
	if (full ? asked <= longest : asked >= shortest)
		return;
	*(full ? &longest : &shortest) = asked;
	(void)snprintf(name, sizeof shortest_name, "%s " STR_FMT " " STR_FMT, user_type_name(way->type), STR_ARG(way->status), STR_ARG(way->activity));
}

static size_t answered(const struct solve *solve)
{
	size_t count = 0;
	for (size_t i = 0; solve->answers.map.n > i; i++)
		count += !str_empty(answers_at(&solve->answers, i)->value);
	return count;
}

static void look_filled(const struct way *way)
{
	size_t closed = closed_count;
	way_count++;
	if (walk(way, false))
		note_length(way, answered(way->solve), false);
	if (closed_count > closed || !walk(way, true))
		return;
	note_length(way, solve_asked(way->solve), true);
	/* What is submitted says the same, and is as complete. */
	struct solve *solve = way->solve;
	struct answers shown;
	form_shown(&solve->scope, &solve->arena, &shown);
	struct str json = answers_write(&solve->arena, &shown);
	if (json.n > LIMIT_ANSWERS)
		report(solve->values.procedure, STR_FMT ": the longest answers take %zu bytes", STR_ARG(way->status), json.n);
}

static void look_at_ways(struct solve *solve)
{
	shortest = SIZE_MAX;
	longest = way_count = closed_count = 0;
	ways(solve, look_filled);
	print_message("    " STR_FMT ": %zu ways, %zu of them closed by a check; fewest answers %zu (%s), most questions %zu (%s)\n",
		STR_ARG(solve->values.procedure->id), way_count, closed_count, shortest, shortest_name, longest, longest_name);
}

static void test_filled(void **state)
{
	(void)state;
	for_each(look_at_ways);
}

/* One over. */

static bool seen_wrong[LIMIT_FIELDS];

static void refused_there(struct solve *solve, const struct field *field, size_t row, struct str value)
{
	struct str path = field_path(field, row)->text;
	struct issues issues = solve_issues(solve, field->section);
	size_t here = 0, elsewhere = 0;
	for (size_t i = 0; i < issues.n; i++) {
		const struct issue *issue = &issues.v[i];
		if (issue->warning || issue->check || issue->missing)
			continue;
		/* An address typed again is another one then, and a list that hangs on the answer has other choices. */
		bool follows = issue->field && (issue->field->same_as == field || issue->field->depends_on == field);
		if (str_eq(issue->path, path))
			here++;
		else if (!follows)
			elsewhere++;
	}
	if (here != 1 || elsewhere)
		report(solve->values.procedure, STR_FMT " = " STR_FMT ": refused %zu times there and %zu times elsewhere", STR_ARG(path),
			STR_ARG(utf8_head(value, 40)), here, elsewhere);
}

static void row_too_many(struct solve *solve, const struct field *group)
{
	for (size_t i = 0; i < group->field_count; i++) {
		const struct field *field = group->fields[i];
		struct str last = field->paths[group->max - 1].text;
		if (field_is_answered(field))
			answers_set(&solve->answers, field->paths[group->max].text, answers_get(&solve->answers, last));
	}
	struct issues issues = solve_issues(solve, group->section);
	size_t here = 0;
	for (size_t i = 0; i < issues.n; i++)
		here += str_eq(issues.v[i].path, group->id) && !issues.v[i].check;
	if (here != 1)
		report(solve->values.procedure, STR_FMT ": a row too many is not refused", STR_ARG(group->id));
	for (size_t i = 0; i < group->field_count; i++)
		answers_set(&solve->answers, group->fields[i]->paths[group->max].text, (struct str){0});
}

static void look_wrong(const struct way *way)
{
	struct solve *solve = way->solve;
	const struct procedure *procedure = solve->values.procedure;
	if (!walk(way, true))
		return;
	for (size_t i = 0; i < procedure->field_count; i++) {
		const struct field *field = procedure->fields[i];
		size_t row = field->group ? (size_t)field->group->max - 1 : 0;
		if (seen_wrong[i] || !form_field_shown(&solve->scope, field, row))
			continue;
		seen_wrong[i] = true;
		if (field->type == FIELD_GROUP)
			row_too_many(solve, field);
		if (!field_is_answered(field))
			continue;
		struct str path = field_path(field, row)->text, before = answers_get(&solve->answers, path);
		struct strs wrong = {0};
		values_wrong(&solve->values, &solve->arena, field, &wrong);
		for (size_t k = 0; k < wrong.n; k++) {
			solve_put(solve, field, row, wrong.v[k]);
			refused_there(solve, field, row, wrong.v[k]);
		}
		answers_set(&solve->answers, path, before);
	}
}

static void look_at_wrong(struct solve *solve)
{
	memset(seen_wrong, 0, sizeof seen_wrong);
	ways(solve, look_wrong);
}

static void test_wrong(void **state)
{
	(void)state;
	for_each(look_at_wrong);
}

/* Everything comes up. */

struct aim {
	const struct field *field;     /* to be shown, with this value when there is one */
	struct str value;
	const struct section *section; /* to be shown */
	const struct rule *rule;       /* to hold, or not */
	bool holds;
};

static bool wish(struct solve *solve, const struct aim *aim)
{
	solve->goal = aim->rule && aim->holds ? aim->rule : NULL;
	if (aim->section && !solve_wish_section(solve, aim->section))
		return false;
	if (aim->field && !solve_wish_shown(solve, aim->field))
		return false;
	if (!str_absent(aim->value) && !solve_wish_value(solve, aim->field, aim->value))
		return false;
	return (!aim->rule || solve_wish_rule(solve, aim->rule, aim->holds)) && solve_settle(solve);
}

static bool came_true(struct solve *solve, const struct aim *aim)
{
	if (aim->section && !form_section_shown(&solve->scope, aim->section))
		return false;
	if (aim->field && !form_field_shown(&solve->scope, aim->field, 0))
		return false;
	if (!str_absent(aim->value)) {
		struct str rest = solve_answer(solve, aim->field, 0), one;
		bool there = false;
		while (str_next(&rest, ' ', &one))
			there |= str_eq(one, aim->value);
		if (!there)
			return false;
	}
	if (!aim->rule)
		return true;
	struct rule_eval eval;
	rule_eval_init(&eval, &solve->scope);
	if (aim->field && aim->field->group)
		rule_eval_row(&eval, aim->field->group, 0);
	return rule_holds(&eval, aim->rule) == aim->holds;
}

/* With a whole form around it. */
static bool reach(struct solve *solve, const struct aim *aim)
{
	bool possible = false, cards = solve->values.procedure->card_steps[0] != CARD_STEP_NONE;
	unsigned attempts = 0;
	for (unsigned variant = 0; variant < VARIANTS && attempts < ATTEMPTS; variant++) {
		for (int card = 0; card < 1 + cards; card++) {
			for (int type = USER_TYPE_COUNT - 1; type >= 0; type--) {
				if (!solve->values.procedure->user_types[type])
					continue;
				solve_begin(solve, (enum user_type)type, false, variant);
				solve->answers.card = card;
				if (!wish(solve, aim))
					continue;
				possible = true;
				attempts++;
				if (solve_finish(solve) && came_true(solve, aim))
					return true;
			}
		}
	}
	if (!possible)
		solve->why = STR("its conditions contradict each other");
	else if (str_absent(solve->why))
		solve->why = STR("it does not come up");
	return false;
}

/* Choices that a check refuses whatever else is answered. */
static size_t told_count;

static void look_at_choices(struct solve *solve, const struct field *field)
{
	for (size_t i = 0; i < field->choices->n; i++) {
		const struct choice *choice = &field->choices->v[i];
		if (!choice_offered(choice, (struct str){0}, TODAY))
			continue;
		struct aim aim = {.field = field, .value = choice->value};
		if (reach(solve, &aim))
			continue;
		if (is_told(solve, field))
			told_count++;
		else
			report(solve->values.procedure, STR_FMT ": nobody can choose " STR_FMT ": " STR_FMT, STR_ARG(field->id), STR_ARG(choice->value),
				STR_ARG(solve->why));
	}
}

/* Of a long list, in one form: each choice is accepted by itself. */
static void look_at_long_list(struct solve *solve, const struct field *field)
{
	struct aim aim = {.field = field};
	const struct field *parent = field->depends_on;
	if (!reach(solve, &aim))
		return;
	struct str path = field_path(field, 0)->text;
	for (size_t i = 0; i < field->choices->n; i++) {
		const struct choice *choice = &field->choices->v[i];
		if (!choice_offered(choice, (struct str){0}, TODAY))
			continue;
		if (parent && !str_absent(choice->parent))
			solve_put(solve, parent, 0, choice->parent);
		solve_put(solve, field, 0, choice->value);
		struct issues issues = solve_issues(solve, field->section);
		for (size_t k = 0; k < issues.n; k++)
			if (!issues.v[k].check && str_eq(issues.v[k].path, path))
				report(solve->values.procedure, STR_FMT ": " STR_FMT " is refused", STR_ARG(field->id), STR_ARG(choice->value));
	}
}

static void look_at_field(struct solve *solve, const struct field *field)
{
	struct aim shown = {.field = field};
	if (field_has_choices(field) && field->choices->n <= MANY) {
		look_at_choices(solve, field);
	} else if (!reach(solve, &shown)) {
		report(solve->values.procedure, STR_FMT ": never asked: " STR_FMT, STR_ARG(field->id), STR_ARG(solve->why));
		return;
	} else if (field_has_choices(field)) {
		look_at_long_list(solve, field);
	}
	struct aim hidden = {.rule = field->when, .holds = false};
	if (!rule_is_always(field->when) && !field->group && !reach(solve, &hidden))
		report(solve->values.procedure, STR_FMT ": always asked, in spite of its condition: " STR_FMT, STR_ARG(field->id), STR_ARG(solve->why));
}

static void look_at_section(struct solve *solve, const struct section *section)
{
	struct aim shown = {.section = section}, hidden = {.rule = section->when, .holds = false};
	if (!reach(solve, &shown))
		report(solve->values.procedure, "section " STR_FMT ": never shown: " STR_FMT, STR_ARG(section->id), STR_ARG(solve->why));
	if (!rule_is_always(section->when) && !reach(solve, &hidden))
		report(solve->values.procedure, "section " STR_FMT ": always shown, in spite of its condition: " STR_FMT, STR_ARG(section->id),
			STR_ARG(solve->why));
}

static void look_at_questions(struct solve *solve)
{
	const struct procedure *procedure = solve->values.procedure;
	for (size_t i = 0; i < procedure->section_count; i++)
		look_at_section(solve, procedure->sections[i]);
	for (size_t i = 0; i < procedure->field_count; i++)
		look_at_field(solve, procedure->fields[i]);
	if (told_count)
		print_message("    " STR_FMT ": %zu choices are refused by a check\n", STR_ARG(procedure->id), told_count);
	told_count = 0;
}

static void test_questions(void **state)
{
	(void)state;
	for_each(look_at_questions);
}

static void look_at_rule(struct solve *solve, struct str what, const struct rule *rule)
{
	struct aim met = {.rule = rule, .holds = true}, not_met = {.rule = rule, .holds = false};
	if (rule_is_always(rule))
		return;
	if (!reach(solve, &met))
		report(solve->values.procedure, STR_FMT ": its condition never holds: " STR_FMT, STR_ARG(what), STR_ARG(solve->why));
	if (!reach(solve, &not_met))
		report(solve->values.procedure, STR_FMT ": its condition always holds: " STR_FMT, STR_ARG(what), STR_ARG(solve->why));
}

static void look_at_documents(struct solve *solve)
{
	const struct procedure *procedure = solve->values.procedure;
	for (size_t i = 0; i < procedure->document_count; i++)
		look_at_rule(solve, procedure->documents[i].id, procedure->documents[i].when);
	look_at_rule(solve, STR("photo"), procedure->photo.when);
	if (procedure->photo.may_skip)
		look_at_rule(solve, STR("photo.not_needed"), procedure->photo.not_needed);
}

static void test_documents(void **state)
{
	(void)state;
	for_each(look_at_documents);
}

/* Checks: each is met in the forms above; here each is broken. */

static void look_at_checks(struct solve *solve)
{
	const struct procedure *procedure = solve->values.procedure;
	for (size_t i = 0; i < procedure->check_count; i++) {
		if (!check_speaks(solve, &procedure->checks[i]))
			report(procedure, "check " STR_FMT ": never says anything", STR_ARG(procedure->checks[i].id));
	}
}

static void test_checks(void **state)
{
	(void)state;
	for_each(look_at_checks);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filled),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_checks),
	};
	struct definition_problems problems;
	arena_init(&arena, LIMIT_STARTUP_ARENA);
	if (failed(catalogue_read(&arena, SOURCE_ROOT "/procedures", &problems, &catalogue))) {
		(void)fprintf(stderr, STR_FMT, STR_ARG(buf_view(&problems.text)));
		return 1;
	}
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	int result = cmocka_run_group_tests_name("forms", tests, NULL, NULL);
	arena_release(&arena);
	return result;
}
