#include "domain/installation_folder.h"

#include "domain/audit.h"
#include "store/query.h"

err installation_folder_find(struct cx *cx, struct str name, struct str *mark)
{
	struct q_installation_folder_find_row row;

	TRY(q_installation_folder_find(cx_tx(cx), name, &row));
	*mark = row.mark;
	return ok();
}

struct note_call {
	struct str name, mark, known;
};

static err note_in_tx(struct cx *cx, void *arg)
{
	struct note_call *call = arg;

	TRY(q_installation_folder_note(cx_tx(cx), call->name, call->mark, cx->now, NULL));
	return installation_folder_find(cx, call->name, &call->known);
}

err installation_folder_note(struct cx *cx, struct str name, struct str mark, struct str *known)
{
	struct note_call call = {.name = name, .mark = mark};

	TRY(cx_write(cx, note_in_tx, &call));
	*known = call.known;
	return ok();
}

static err adopted_in_tx(struct cx *cx, void *arg)
{
	const struct str *name = arg;

	return audit_add(cx, STR("folders_adopted"), 0, STR("installation"), 0, *name);
}

err installation_folder_adopted(struct cx *cx, struct str name)
{
	return cx_write(cx, adopted_in_tx, &name);
}
