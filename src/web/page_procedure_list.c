#include "base/time.h"
#include "domain/portal.h"
#include "domain/search/search.h"
#include "render/templates.h"
#include "web/fee_view.h"
#include "web/japanese.h"
#include "web/page.h"
#include "web/pager.h"
#include "web/url.h"
#include "web/view_text.h"

#include <stdlib.h>

/* Manual 3.2, step 3, and 6.1: the list of procedures, and the search in it. */

enum order { ORDER_FIT, ORDER_NEW, ORDER_OLD };

struct row {
	const struct procedure *procedure;
	const struct search_hit *hit; /* NULL: nothing was looked for */
	size_t place;
};

static const enum msg sources[SEARCH_SOURCE_COUNT] = {
	[SEARCH_TITLE] = MSG_procedure_in_title,
	[SEARCH_KEYWORDS] = MSG_procedure_in_keywords,
	[SEARCH_SUMMARY] = MSG_procedure_in_summary,
	[SEARCH_STATUS] = MSG_procedure_in_status,
	[SEARCH_EXPLANATION] = MSG_procedure_in_explanation,
	[SEARCH_SECTION] = MSG_procedure_in_section,
};
static const enum msg ways[SEARCH_HOW_COUNT] = {
	[SEARCH_AS_TYPED] = MSG_NONE,
	[SEARCH_SYNONYM] = MSG_procedure_by_synonym,
	[SEARCH_APART] = MSG_procedure_by_parts,
	[SEARCH_NEAR] = MSG_procedure_by_slip,
};

static enum order order_read(const struct exchange *ex)
{
	struct str sort = exchange_query(ex, "sort");

	return str_eq(sort, STR("new")) ? ORDER_NEW : str_eq(sort, STR("old")) ? ORDER_OLD : ORDER_FIT;
}

static int by_place(const struct row *a, const struct row *b)
{
	return (a->place > b->place) - (a->place < b->place);
}

static int newest_first(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int32_t from = x->procedure->open_from, other = y->procedure->open_from;

	return from != other ? (from < other ? 1 : -1) : by_place(x, y);
}

static int oldest_first(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int32_t from = x->procedure->open_from, other = y->procedure->open_from;

	return from != other ? (from > other ? 1 : -1) : by_place(x, y);
}

/* All procedures, or those that were found, in the order that was asked for. */
static struct row *rows_make(struct exchange *ex, const struct search_result *result, enum order order, size_t *count)
{
	const struct catalogue *catalogue = ex->cx.portal->catalogue;
	struct row *rows = arena_array(ex->cx.arena, struct row, catalogue->n + 1);

	*count = result->words > 0 ? result->n : catalogue->n;
	for (size_t i = 0; i < *count; i++) {
		rows[i].hit = result->words > 0 ? &result->hits[i] : NULL;
		rows[i].procedure = rows[i].hit ? rows[i].hit->procedure : catalogue->v[i];
		rows[i].place = i;
	}
	if (order != ORDER_FIT)
		qsort(rows, *count, sizeof *rows, order == ORDER_NEW ? newest_first : oldest_first);
	return rows;
}

static void why_view(struct exchange *ex, const struct search_hit *hit, struct view_procedure_list_procedures *row)
{
	struct view_procedure_list_procedures_why *why = arena_array(ex->cx.arena, struct view_procedure_list_procedures_why, hit->why_count);

	for (size_t i = 0; i < hit->why_count; i++) {
		const struct search_why *from = &hit->why[i];

		why[i].word = japanese_value(ex, from->word);
		why[i].found = japanese_value(ex, from->found);
		why[i].source = sources[from->source];
		why[i].way = ways[from->how];
	}
	row->why = why;
	row->why_count = hit->why_count;
}

static void row_view(struct exchange *ex, const struct row *from, struct view_procedure_list_procedures *row)
{
	const struct procedure *procedure = from->procedure;

	row->url = url_1(ex->cx.arena, ROUTE_procedure_show, procedure->id);
	row->title = view_label(ex, &procedure->title);
	row->official = view_official(ex, &procedure->title);
	row->summary = view_label(ex, &procedure->summary);
	row->fee = fee_line_view(ex, procedure);
	row->time = view_label(ex, &procedure->time);
	row->open = procedure_open(procedure, time_date(ex->cx.now));
	row->always = procedure->open_until == 0;
	row->from = procedure->open_from;
	row->until = procedure->open_until;
	if (from->hit)
		why_view(ex, from->hit, row);
}

err page_procedure_list(struct exchange *ex)
{
	struct str typed = exchange_query(ex, "q");
	bool synonyms = str_eq(exchange_query(ex, "synonyms"), STR("yes"));
	struct pager pager = pager_read(ex);
	enum order order = order_read(ex);
	struct search_result result;
	size_t count;

	search_run(ex->cx.portal->search, ex->cx.arena, typed, synonyms, &result);
	struct row *rows = rows_make(ex, &result, order, &count);
	size_t first = (size_t)(pager.page * pager.size);
	size_t last = first + (size_t)pager.size < count ? first + (size_t)pager.size : count;
	size_t shown = first < last ? last - first : 0;
	struct view_procedure_list_procedures *views = arena_array(ex->cx.arena, struct view_procedure_list_procedures, shown + 1);

	for (size_t i = 0; i < shown; i++)
		row_view(ex, &rows[first + i], &views[i]);
	struct view_procedure_list view = {
		.now = ex->cx.now,
		.q = typed,
		.words = japanese_value(ex, typed),
		.searched = result.words > 0,
		.unread = typed.n > 0 && result.words == 0,
		.cut = result.cut,
		.cut_most = SEARCH_WORDS_MOST,
		.synonyms = synonyms,
		.count = (int64_t)count,
		.sort_new = order == ORDER_NEW,
		.sort_old = order == ORDER_OLD,
		.size10 = pager.size == 10,
		.size20 = pager.size == 20,
		.size50 = pager.size == 50,
		.pages = count > (size_t)pager.size || pager.page > 0,
		.has_prev = pager.page > 0,
		.prev = pager_url(ex, ROUTE_procedure_list, pager.page - 1),
		.has_next = last < count,
		.next = pager_url(ex, ROUTE_procedure_list, pager.page + 1),
		.first = shown > 0 ? (int64_t)first + 1 : 0,
		.last = shown > 0 ? (int64_t)last : 0,
		.procedures = views,
		.procedures_count = shown,
	};

	return PAGE(ex, 200, result.words > 0 ? MSG_procedure_search_title : MSG_procedure_list_title, procedure_list, &view);
}
