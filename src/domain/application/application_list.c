#include "domain/application/application.h"

#include "base/limits.h"
#include "base/time.h"
#include "domain/application/application_term.h"
#include "domain/portal.h"
#include "i18n/width.h"
#include "store/query.h"

/* The list of one's own applications. What is asked for becomes a range of ids, a few procedures,
 * and up to four words. */

#define WORDS_MAX 4

struct filter {
	int64_t from_id, until_id;
	struct str procedures[LIMIT_SEARCH_PROCEDURES];
	size_t procedure_count;
	bool nothing; /* no procedure has such a name, or nothing but signs was typed */
	size_t word_count;
	struct str words[WORDS_MAX];
	struct str ends[WORDS_MAX];
};

static bool name_holds(struct arena *arena, const struct text *name, struct str word)
{
	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		if (str_find(width_fold(arena, text_form(name, lang, TEXT_PLAIN)), word) >= 0)
			return true;
	}
	return false;
}

static bool procedure_fits(struct arena *arena, const struct procedure *procedure,
	const struct str *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!str_eq_nocase(procedure->id, words[i]) &&
			!name_holds(arena, &procedure->title, words[i]) &&
			!name_holds(arena, &procedure->short_title, words[i]))
			return false;
	return true;
}

static bool only_signs(struct str typed, size_t terms)
{
	return terms == 0 && str_trim(typed).n > 0;
}

static err filter_procedures(struct cx *cx, struct str typed, struct filter *filter)
{
	const struct catalogue *catalogue = cx->portal->catalogue;
	struct str words[TERM_WORDS_MAX];
	size_t count = terms_of(cx->arena, typed, words);
	size_t fitting = 0;

	for (size_t i = 0; count > 0 && i < catalogue->n; i++) {
		if (!procedure_fits(cx->arena, catalogue->v[i], words, count))
			continue;
		if (fitting < LIMIT_SEARCH_PROCEDURES)
			filter->procedures[fitting] = catalogue->v[i]->id;
		fitting++;
	}
	if (only_signs(typed, count) || (count > 0 && fitting == 0))
		filter->nothing = true;
	if (fitting == catalogue->n)
		filter->procedures[0] = (struct str){0};
	else if (fitting > LIMIT_SEARCH_PROCEDURES)
		return fail(ERR_LIMIT, "words that fit %zu procedures", fitting);
	return ok();
}

/* The first id behind a day that is included. Behind the last day of the calendar there is none. */
static int64_t id_behind(int32_t day)
{
	int32_t next = date_add_days(day, 1);

	return next ? id_first(date_start(next)) : INT64_MAX;
}

static err filter_make(struct cx *cx, const struct application_search *search, struct filter *out)
{
	struct str words[TERM_WORDS_MAX];
	size_t count = terms_of(cx->arena, search->related, words);

	*out = (struct filter){
		.from_id = search->from_on ? id_first(date_start(search->from_on)) : 0,
		.until_id = search->until_on ? id_behind(search->until_on) : INT64_MAX,
		.nothing = only_signs(search->related, count),
	};
	out->word_count = count;
	for (size_t i = 0; i < count && i < WORDS_MAX; i++) {
		out->words[i] = words[i];
		out->ends[i] = term_end(cx->arena, words[i]);
	}
	return filter_procedures(cx, search->procedure, out);
}

/* The members that the questions share. */
#define FILTER(cx, f)                                                                             \
	.account_id = (cx)->actor.account_id, .from_id = (f)->from_id, .until_id = (f)->until_id, \
	.procedure1 = (f)->procedures[0], .procedure2 = (f)->procedures[1],                       \
	.procedure3 = (f)->procedures[2], .procedure4 = (f)->procedures[3],                       \
	.procedure5 = (f)->procedures[4], .procedure6 = (f)->procedures[5],                       \
	.procedure7 = (f)->procedures[6], .procedure8 = (f)->procedures[7],                       \
	.procedure9 = (f)->procedures[8], .procedure10 = (f)->procedures[9],                      \
	.procedure11 = (f)->procedures[10], .procedure12 = (f)->procedures[11]
#define WORDS(f)                                                                      \
	.word1 = (f)->words[0], .word1_end = (f)->ends[0], .word2 = (f)->words[1],    \
	.word2_end = (f)->ends[1], .word3 = (f)->words[2], .word3_end = (f)->ends[2], \
	.word4 = (f)->words[3], .word4_end = (f)->ends[3]

struct page {
	struct application_row *rows;
	size_t n;
};

static err page_take(struct cx *cx, const struct q_application_list_new_row *rows, size_t n, struct page *out)
{
	struct application_row *taken = arena_array(cx->arena, struct application_row, n);

	for (size_t i = 0; i < n; i++) {
		taken[i] = (struct application_row){
			.reference = rows[i].reference,
			.temporary_no = rows[i].temporary_no,
			.name = rows[i].name,
			.procedure = catalogue_find(cx->portal->catalogue, rows[i].procedure),
			.submitted_at = rows[i].submitted_at,
			.changed_at = rows[i].changed_at,
		};
		if (!status_of(rows[i].status, &taken[i].status))
			return fail(ERR_INTERNAL, "application of an unknown status");
	}
	*out = (struct page){.rows = taken, .n = n};
	return ok();
}

/* With words or without; newest or oldest first. */
static err page_of(struct cx *cx, const struct filter *filter, bool newest, int64_t most, int64_t skip, struct page *out)
{
	struct q_application_list_new_row *rows;
	size_t n;

	if (filter->word_count > 0)
		TRY(q_application_search(cx_tx(cx),
			&(struct q_application_search_in){FILTER(cx, filter), WORDS(filter),
				.direction = newest ? 1 : -1, .most = most, .skip = skip},
			&rows, &n));
	else if (newest)
		TRY(q_application_list_new(cx_tx(cx),
			&(struct q_application_list_new_in){FILTER(cx, filter), .most = most, .skip = skip},
			&rows, &n));
	else
		TRY(q_application_list_old(cx_tx(cx),
			&(struct q_application_list_old_in){FILTER(cx, filter), .most = most, .skip = skip},
			&rows, &n));
	return page_take(cx, rows, n, out);
}

static err total_of(struct cx *cx, const struct filter *filter, size_t *out)
{
	struct q_application_search_count_row found;
	struct q_application_count_row all;

	if (filter->word_count > 0) {
		TRY(q_application_search_count(cx_tx(cx),
			&(struct q_application_search_count_in){FILTER(cx, filter), WORDS(filter)},
			&found));
		*out = (size_t)found.n;
		return ok();
	}
	TRY(q_application_count(
		cx_tx(cx), &(struct q_application_count_in){FILTER(cx, filter)}, &all));
	*out = (size_t)all.n;
	return ok();
}

#define PER_PAGE_MAX 50

err application_list(
	struct cx *cx, const struct application_search *search, struct application_list *out)
{
	unsigned per_page = search->per_page == 0 || search->per_page > PER_PAGE_MAX
				    ? PER_PAGE_MAX
				    : search->per_page;
	int64_t skip = (int64_t)search->page * per_page;
	struct filter filter;
	struct page page;
	size_t total;

	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	TRY(filter_make(cx, search, &filter));
	if (filter.nothing) {
		*out = (struct application_list){0};
		return ok();
	}
	/* One more than is shown: where it is not there, nothing need be counted, and most people have a few. */
	int64_t most = (int64_t)per_page + 1;

	TRY(page_of(cx, &filter, search->sort != SORT_OLDEST, most, skip, &page));
	bool behind = page.n == 0 && skip > 0; /* the last page */

	total = (size_t)skip + page.n;
	if (page.n > per_page || behind)
		TRY(total_of(cx, &filter, &total));
	if (page.n > per_page)
		page.n = per_page;
	*out = (struct application_list){.v = page.rows, .n = page.n, .total = total};
	return ok();
}
