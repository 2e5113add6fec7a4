#include "cmd/admin_application.h"

#include "base/limits.h"
#include "base/vec.h"
#include "cmd/admin_papers.h"
#include "domain/application/amend.h"

/* What an officer's desk will do, from the command line. */

static err send_back(struct cx *cx, const struct program *program)
{
	struct str rest = str_of(program->open), item;
	VEC(struct str) items = {0};

	while (str_next(&rest, ',', &item))
		if (!str_empty(str_trim(item)))
			vec_push(cx->arena, &items, str_trim(item));
	return amend_return(cx, str_of(program->words[2]), &(struct amend_items){items.v, items.n}, program->note ? str_of(program->note) : STR(""));
}

enum exit_code admin_application(struct start *start)
{
	struct cx cx = start_cx(start, start->program->arena, ACTOR_OPERATOR);
	err e = send_back(&cx, start->program);

	cx_end(&cx);
	if (!failed(e))
		return EXIT_DONE;
	program_complain("application return", e);
	return program_exit_of(e);
}

enum exit_code admin_application_files(struct start *start)
{
	struct cx cx = start_cx(start, start->program->arena, ACTOR_OPERATOR);
	struct application application;
	err e = application_look(&cx, str_of(start->program->words[2]), RIGHT_VIEW, &application);

	cx_end(&cx);
	if (!failed(e))
		return papers_write(start, &cx, &application, start->program->words[3]);
	program_complain("application files", e);
	return program_exit_of(e);
}
