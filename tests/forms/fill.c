#include "solve.h"

#include "base/time.h"

#include <stdio.h>
#include <string.h>

/*
 * fill FOLDER TYPE [ID …]: answers to every procedure, or to these, for that kind of people: for each choice of what decides the questions
 * one line of JSON, {"procedure", "status", "activity", "answers": {PATH: VALUE}}, filled in to the limits. Ways that a
 * check closes are left out. Its readers send them to a portal, so the day is today.
 */

static struct arena arena;
static struct catalogue catalogue;

static bool fill(struct solve *solve, enum user_type type, struct str status, struct str activity)
{
	const struct procedure *procedure = solve->values.procedure;
	for (unsigned variant = 0; variant < 12; variant++) {
		solve_begin(solve, type, true, variant);
		if ((!str_empty(status) && !solve_wish_value(solve, procedure_field(procedure, procedure->status_field), status)) ||
			(!str_empty(activity) && !solve_wish_value(solve, procedure_field(procedure, procedure->activity_field), activity)))
			continue;
		if (solve_settle(solve) && solve_finish(solve))
			return true;
	}
	return false;
}

static void print_filled(struct solve *solve, struct str status, struct str activity)
{
	const struct procedure *procedure = solve->values.procedure;
	struct answers shown;
	form_shown(&solve->scope, &solve->arena, &shown);
	/* What is typed again belongs to what is sent. */
	for (size_t i = 0; i < procedure->field_count; i++)
		if (procedure->fields[i]->same_as && !procedure->fields[i]->group && form_field_shown(&solve->scope, procedure->fields[i], 0))
			answers_set(&shown, procedure->fields[i]->id, solve_answer(solve, procedure->fields[i], 0));
	struct str json = answers_write(&solve->arena, &shown);
	printf("{\"procedure\":\"" STR_FMT "\",\"status\":\"" STR_FMT "\",\"activity\":\"" STR_FMT "\",\"answers\":" STR_FMT "}\n", STR_ARG(procedure->id),
		STR_ARG(status), STR_ARG(activity), STR_ARG(json));
}

static void fill_activities(struct solve *solve, enum user_type type, struct str status)
{
	const struct procedure *procedure = solve->values.procedure;
	const struct field *activity = str_absent(procedure->activity_field) ? NULL : procedure_field(procedure, procedure->activity_field);
	if (!fill(solve, type, status, (struct str){0}))
		return;
	if (!activity || !form_field_shown(&solve->scope, activity, 0)) {
		print_filled(solve, status, (struct str){0});
		return;
	}
	for (size_t i = 0; i < activity->choices->n; i++)
		if (choice_offered(&activity->choices->v[i], status, solve->values.today) && fill(solve, type, status, activity->choices->v[i].value))
			print_filled(solve, status, activity->choices->v[i].value);
}

static void fill_procedure(struct solve *solve, enum user_type type)
{
	const struct procedure *procedure = solve->values.procedure;
	const struct field *status = str_absent(procedure->status_field) ? NULL : procedure_field(procedure, procedure->status_field);
	if (!procedure->user_types[type])
		return;
	for (size_t i = 0; status && i < status->choices->n; i++)
		if (choice_offered(&status->choices->v[i], (struct str){0}, solve->values.today))
			fill_activities(solve, type, status->choices->v[i].value);
	if (!status)
		fill_activities(solve, type, (struct str){0});
}

int main(int argc, char **argv)
{
	static struct solve solve;
	struct definition_problems problems;
	int type = 0;
	if (argc < 3) {
		(void)fputs("usage: fill FOLDER TYPE [ID ...]\n", stderr);
		return 64;
	}
	while (type < USER_TYPE_COUNT && strcmp(user_type_name((enum user_type)type), argv[2]) != 0)
		type++;
	arena_init(&arena, LIMIT_STARTUP_ARENA);
	if (type == USER_TYPE_COUNT || failed(catalogue_read(&arena, argv[1], &problems, &catalogue))) {
		(void)fprintf(stderr, "fill: no such user type, or the definitions have faults\n");
		return 65;
	}
	for (size_t i = 0; i < catalogue.n; i++) {
		bool wanted = argc == 3;
		for (int k = 3; k < argc; k++)
			wanted |= str_eq(str_of(argv[k]), catalogue.v[i]->id);
		if (!wanted)
			continue;
		solve_init(&solve, catalogue.v[i], time_date(time_now()));
		fill_procedure(&solve, (enum user_type)type);
		solve_release(&solve);
	}
	arena_release(&arena);
	return 0;
}
