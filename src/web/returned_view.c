#include "web/returned_view.h"

#include "render/templates.h"
#include "web/url.h"

static struct str once(const struct params *from, const char *name, bool *repeated)
{
	struct str value = {0};
	size_t n = 0;

	for (size_t i = 0; i < from->n; i++) {
		if (!str_eq(from->v[i].name, str_of(name)))
			continue;
		value = from->v[i].value;
		n++;
	}
	*repeated = *repeated || n > 1;
	return value;
}

static struct returned returned_of(const struct params *from)
{
	struct returned answer = {0};

	answer.code = once(from, "code", &answer.repeated);
	answer.state = once(from, "state", &answer.repeated);
	answer.iss = once(from, "iss", &answer.repeated);
	answer.error = once(from, "error", &answer.repeated);
	return answer;
}

err returned_page(struct exchange *ex, enum route_id finish)
{
	struct returned answer = returned_of(&ex->query);
	struct view_id_back view = {
		.action = url_route(ex->cx.arena, finish, NULL, 0),
		.code = answer.code,
		.has_code = !str_absent(answer.code),
		.state = answer.state,
		.iss = answer.iss,
		.has_iss = !str_absent(answer.iss),
		.error = answer.error,
		.has_error = !str_absent(answer.error),
		.repeated = answer.repeated,
	};

	return PAGE(ex, 200, MSG_id_back_title, id_back, &view);
}

struct returned returned_sent(const struct exchange *ex)
{
	struct returned answer = returned_of(&ex->form);

	answer.repeated = answer.repeated || !str_absent(exchange_field(ex, "repeated"));
	return answer;
}
