#include "web/resend.h"

#include "base/encode.h"
#include "base/limits.h"
#include "domain/application/draft.h"
#include "web/error_page.h"
#include "web/kept.h"
#include "web/url.h"

bool resend_secret(struct str name)
{
	return str_find(name, STR("password")) >= 0 || str_eq(name, STR(HTML_CSRF_FIELD));
}

/* In an attribute. */
static size_t html_bytes(struct str text)
{
	size_t n = text.n;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		n += c == '"' ? 5 : c == '&' || c == '\'' ? 4 : c == '<' || c == '>' ? 3 : 0;
	}
	return n;
}

bool resend_fits(const struct params *form)
{
	size_t n = 0;

	for (size_t i = 0; i < form->n; i++) {
		if (!resend_secret(form->v[i].name))
			n += sizeof "<input type=\"hidden\" name=\"\" value=\"\">" + html_bytes(form->v[i].name) + html_bytes(form->v[i].value);
	}
	return n <= LIMIT_RESENT;
}

static struct view_part_kept hidden_fields(struct exchange *ex, const struct params *form)
{
	struct view_part_kept_fields *rows = arena_array(ex->cx.arena, struct view_part_kept_fields, form->n);
	size_t n = 0;

	for (size_t i = 0; i < form->n; i++) {
		if (!resend_secret(form->v[i].name))
			rows[n++] = (struct view_part_kept_fields){.name = form->v[i].name, .value = form->v[i].value};
	}
	return (struct view_part_kept){.fields = rows, .fields_count = n};
}

/* The route of a target: a path, perhaps with a query. Its escapes are left as they are: no pattern has one. */
static const struct route *route_of(struct str target, struct str params[ROUTE_PARAMS])
{
	const struct route *route = NULL;
	struct str path = {0};
	unsigned allowed;

	if (!str_next(&target, '?', &path) || failed(route_find(HTTP_POST, path, params, &route, &allowed)))
		return NULL;
	return route;
}

const struct route *resend_route(struct str target)
{
	struct str params[ROUTE_PARAMS];

	return route_of(target, params);
}

struct typed_from resend_from(struct exchange *ex, struct str target, bool may_ask)
{
	struct str params[ROUTE_PARAMS];
	const struct route *route = route_of(target, params);
	struct typed_from from = {.section = route && (route->id == ROUTE_section_save || route->id == ROUTE_section_autosave)};
	struct draft draft;
	int64_t id = 0;

	if (from.section && may_ask && ex->session.id != 0 && str_to_i64(params[0], &id) && !failed(draft_require(&ex->cx, id, &draft)))
		from.procedure = draft.procedure;
	return from;
}

struct view_part_typed resend_typed(struct exchange *ex, const struct params *form, const struct typed_from *from, enum msg words)
{
	struct typed_list list;

	typed_rows(ex, form, from, &list);
	struct view_part_typed_rows *rows = arena_array(ex->cx.arena, struct view_part_typed_rows, list.n);

	for (size_t i = 0; i < list.n; i++) {
		rows[i].label = list.v[i].label;
		rows[i].value = list.v[i].value;
	}
	return (struct view_part_typed){.words = words, .rows = rows, .rows_count = list.n, .cut = list.cut};
}

void resend_view(struct exchange *ex, const struct params *form, const struct typed_from *from, enum msg words, struct resend *out)
{
	*out = (struct resend){.fits = resend_fits(form), .typed = resend_typed(ex, form, from, words)};
	if (out->fits)
		out->kept = hidden_fields(ex, form);
}

#define LONGEST 2000 /* of a target that has LIMIT_HTTP_TARGET; ours are far shorter */

static void write_parameter(struct buf *out, const char *name, struct str value)
{
	if (str_empty(value))
		return;
	buf_fmt(out, "&%s=", name);
	percent_write(out, value);
}

struct str resend_language_url(struct exchange *ex, const struct resend_page *page)
{
	struct buf out;

	buf_init(&out, ex->cx.arena, LONGEST);
	buf_str(&out, url_route(ex->cx.arena, ROUTE_language_set, NULL, 0));
	buf_fmt(&out, "?page=%s", page->page);
	write_parameter(&out, "to", page->to);
	write_parameter(&out, "id", page->id);
	write_parameter(&out, "name", page->name);
	return failed(buf_error(&out)) ? (struct str){0} : buf_view(&out);
}

void resend_language(struct exchange *ex, const struct resend_page *page)
{
	struct str url = resend_language_url(ex, page);

	if (str_absent(url))
		return;
	ex->lang_form = STR("again");
	ex->lang_to = url;
}

bool resend_asked(const struct exchange *ex)
{
	return ex->route && ex->route->id == ROUTE_language_set && !str_absent(exchange_query(ex, "page"));
}

/* The last "set" is the button's; one before it was the form's own. */
static struct params without_press(struct exchange *ex)
{
	struct param *v = arena_array(ex->cx.arena, struct param, ex->form.n);
	size_t n = 0, press = ex->form.n;

	for (size_t i = 0; i < ex->form.n; i++) {
		if (str_eq(ex->form.v[i].name, STR("set")))
			press = i;
	}
	for (size_t i = 0; i < ex->form.n; i++) {
		if (i != press)
			v[n++] = ex->form.v[i];
	}
	return (struct params){v, n};
}

err resend_again(struct exchange *ex)
{
	struct str page = exchange_query(ex, "page");
	struct params form = without_press(ex);
	uint64_t status = 0;

	if (str_eq(page, STR("resume")))
		return kept_page(ex, exchange_query(ex, "to"), &form);
	if (str_to_u64(page, &status) && status < 600)
		return error_page_again(ex, (int)status, &form);
	return fail(ERR_NOT_FOUND, "no such page to give again");
}
