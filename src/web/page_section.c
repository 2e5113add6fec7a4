#include "base/time.h"
#include "base/vec.h"
#include "domain/application/draft.h"
#include "domain/application/lookup.h"
#include "domain/definition/rule_data.h"
#include "render/templates.h"
#include "web/card_step.h"
#include "web/form_view.h"
#include "web/input_view.h"
#include "web/locale_choice.h"
#include "web/page.h"
#include "web/section_change.h"
#include "web/section_conflict.h"
#include "web/section_post.h"
#include "web/section_seen.h"
#include "web/url.h"
#include "web/view_text.h"

/* One part of a form on one page: shown, saved at every press, and noted while the person types. */

struct section_page {
	struct draft draft; /* its answers: as the page shows them */
	const struct section *section;
	struct form_scope scope;
	struct answers stored; /* as they are kept */
	const enum form_merged *merged; /* of a page that was sent: what came of each field. BOTH: shown, not kept */
	bool conflict;                  /* there are such */
	bool whole;                     /* all is as the page says */
};

static err find(struct exchange *ex, struct section_page *out)
{
	int64_t id;

	*out = (struct section_page){0};
	TRY(exchange_path_id(ex, 0, &id));
	TRY(draft_require(&ex->cx, id, &out->draft));
	out->stored = out->draft.answers;
	out->section = procedure_section(out->draft.procedure, exchange_path(ex, 1));
	if (!out->section)
		return fail(ERR_NOT_FOUND, "no such section");
	out->scope = form_scope_of(ex, out->draft.procedure, &out->draft.answers);
	return ok();
}

static void warnings_view(struct exchange *ex, const struct issues *issues, struct view_section_show *view)
{
	VEC(struct view_section_show_warnings) rows = {0};

	for (size_t i = 0; issues && i < issues->n; i++) {
		if (!issues->v[i].warning)
			continue;
		struct view_section_show_warnings *row = vec_add(ex->cx.arena, &rows);

		row->place = issue_place(ex, &issues->v[i]);
		row->text = issue_html(ex, &issues->v[i]);
	}
	view->warnings = rows.v;
	view->warnings_count = rows.n;
}

static err show(struct exchange *ex, const struct section_page *page, int status, const struct issues *issues, bool new_questions)
{
	struct answers answers = page->draft.answers;
	struct buf saved, rules;
	struct view_section_show view = {
		.draft = exchange_path(ex, 0),
		.section = page->section->id,
		.new_questions = new_questions,
		.title = view_label(ex, &page->section->title),
		.intro = view_paragraphs(ex, text_in(&page->section->intro, ex->page.locale)),
		.procedure = view_label(ex, &page->draft.procedure->short_title),
		.minutes = view_msg_time(ex, MSG_procedure_minutes, page->section->minutes * TIME_MINUTE),
		.shown = shown_paths(ex, &page->scope, page->section),
		.seen = section_seen_write(ex, page->section, &page->stored),
		.back = url_id(ex->cx.arena, ROUTE_draft_show, page->draft.id),
		.to_confirm = str_eq(exchange_query(ex, "back"), STR("confirm")) || !str_empty(exchange_field(ex, "_back")),
	};

	parts_view(ex, &page->scope, &page->draft, page->section->id, &view.parts);
	view.current = view.parts.current;
	view.total = view.parts.total;
	if (issues)
		issues_view(ex, issues, 0, &view.errors);
	warnings_view(ex, issues, &view);
	/* Behind all that says how far the person is: a proposal is no answer yet. */
	form_propose(&page->scope, page->section, &answers);
	struct form_scope proposed = page->scope;

	proposed.answers = &answers;
	section_items_view(ex, &proposed, page->section, issues, &view);
	buf_init(&rules, ex->cx.arena, LIMIT_PAGE);
	if (rule_data_write(&rules, &page->scope, page->section, ex->page.locale) && !failed(buf_error(&rules)))
		view.rules = buf_view(&rules);
	buf_init(&saved, ex->cx.arena, 16);
	clock_write(&saved, page->draft.saved_at);
	if (page->draft.revision > 1)
		view.saved = buf_view(&saved);
	ex->lang_form = STR("form");
	tmpl_section_show(&ex->body, &ex->page, &view);
	return exchange_page(ex, status, view_label_plain(ex, &page->section->title));
}

/* Whoever comes from the confirmation finds here what it said of this part's questions, also where another part is the other half of it. */
static err check_like_confirmation(struct exchange *ex, const struct section_page *page, struct issues *issues)
{
	struct issues all = {0};
	form_check(&page->scope, ex->cx.arena, NULL, &all);
	TRY(lookup_check(&ex->cx, &page->scope, page->section, &all));
	issues->v = arena_array(ex->cx.arena, struct issue, all.n);
	for (size_t i = 0; i < all.n; i++) {
		if (!all.v[i].field || all.v[i].field->section != page->section)
			continue;
		issues->v[issues->n++] = all.v[i];
		issues->refusals += !all.v[i].warning;
	}
	return ok();
}

/* With ?check=1 (from the list of problems) what is wrong is said at once. A part that is not asked leads to the list of those that are. */
err page_section_show(struct exchange *ex)
{
	struct section_page page;
	struct issues issues = {0};

	TRY(find(ex, &page));
	if (card_is_first(&page.draft))
		return card_lead(ex, &page.draft);
	if (!form_section_shown(&page.scope, page.section))
		return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_draft_show, page.draft.id));
	if (str_absent(exchange_query(ex, "check")))
		return show(ex, &page, 200, NULL, false);
	TRY(check_like_confirmation(ex, &page, &issues));
	return show(ex, &page, 200, &issues, false);
}

/* What the person changed on the page, into what is kept. A page that sent the last save, whole, knows all that is kept, whatever its marks say. */
static void merge(struct exchange *ex, struct section_page *page)
{
	struct section_seen seen = section_seen_read(ex);
	bool own = str_empty(seen.page) || str_eq(seen.page, draft_page(&page->draft, page->section->id));
	const struct form_merge what = {page->section, own ? STR("") : seen.marks, &page->stored};

	page->merged = form_merge(&what, ex->cx.arena, &page->draft.answers);
	page->conflict = false;
	page->whole = true;
	for (size_t i = 0; i < page->section->field_count; i++) {
		page->conflict = page->conflict || page->merged[i] == MERGED_BOTH;
		page->whole = page->whole && page->merged[i] == MERGED_HERE;
	}
}

static err keep(struct exchange *ex, struct section_page *page, bool visited)
{
	const struct field **fields = arena_array(ex->cx.arena, const struct field *, page->section->field_count + 1);
	struct str name = section_seen_read(ex).page;
	struct draft_saved saved;
	size_t n = 0;

	for (size_t i = 0; i < page->section->field_count; i++) {
		const struct field *field = page->section->fields[i];

		if (page->merged[i] == MERGED_BOTH)
			continue;
		fields[n++] = field;
		form_merge_take(field, &page->draft.answers, &page->stored);
	}
	struct draft_save what = {
		.id = page->draft.id,
		.revision = page->draft.revision,
		.overwrite = str_empty(name), /* it has nothing to be merged by */
		.section = page->section->id,
		.page = page->whole ? name : STR(""),
		.visited = visited,
		.fields = fields,
		.field_count = n,
		.answers = &page->draft.answers,
	};

	TRY(draft_save(&ex->cx, &what, &saved));
	page->draft.revision = saved.revision;
	page->draft.saved_at = saved.saved_at;
	return ok();
}

/* All that was posted, but for what is to be asked about before, and what was changed elsewhere too. */
static err save_once(struct exchange *ex, struct section_page *page, bool visited, struct issues *issues, struct section_change *change)
{
	*issues = (struct issues){0};
	*change = (struct section_change){0};
	page->stored = (struct answers){.arena = ex->cx.arena};
	answers_copy(&page->draft.answers, &page->stored);
	section_post_read(ex, page->section, &page->draft.answers, issues);
	merge(ex, page);
	form_calculate(&page->scope, &page->draft.answers);
	/* One question at a time: which of two answers it is comes first. */
	if (!page->conflict)
		section_change_hold(ex, &page->scope, page->section, &page->stored, &page->draft.answers, change);
	return keep(ex, page, visited && change->drops.n == 0 && !page->conflict);
}

/* Of pages that are saved at once one is always through: as many as a person may have open. */
#define SAVE_TRIES 16

/* Another page of the section may be saved between reading and writing: then it is merged with that. */
static err save(struct exchange *ex, struct section_page *page, bool visited, struct issues *issues, struct section_change *change)
{
	err e = save_once(ex, page, visited, issues, change);

	for (unsigned tries = 1; e.code == ERR_CONFLICT && tries < SAVE_TRIES; tries++) {
		TRY(find(ex, page));
		e = save_once(ex, page, visited, issues, change);
	}
	return e.code == ERR_CONFLICT ? fail(ERR_RETRY, "the section keeps changing") : e;
}

/* Both are shown; the next press of the page that comes counts. */
static err show_conflicts(struct exchange *ex, const struct section_page *page, struct issues *issues)
{
	struct form_scope stored = page->scope;

	stored.answers = &page->stored;
	for (size_t i = 0; i < page->section->field_count; i++)
		if (page->merged[i] == MERGED_BOTH)
			section_conflict_issue(ex, &stored, page->section->fields[i], issues);
	return show(ex, page, 409, issues, false);
}

/* Where the person goes from here: the list, the confirmation they came from, or the next part. */
static struct str next_page(struct exchange *ex, const struct section_page *page)
{
	const struct procedure *procedure = page->draft.procedure;
	bool passed = false;

	if (!str_absent(exchange_field(ex, "_leave")))
		return url_id(ex->cx.arena, ROUTE_draft_show, page->draft.id);
	for (size_t s = 0; s < procedure->section_count && str_empty(exchange_field(ex, "_back")); s++) {
		if (passed && form_section_shown(&page->scope, procedure->sections[s]))
			return url_id_str(ex->cx.arena, ROUTE_section_show, page->draft.id, procedure->sections[s]->id);
		passed = passed || procedure->sections[s] == page->section;
	}
	return url_id(ex->cx.arena, ROUTE_draft_confirm, page->draft.id);
}

/* A required question that opened only through this very answer is no mistake of the person: it is asked, not blamed. */
static bool only_new_questions(struct exchange *ex, const struct issues *issues)
{
	size_t fresh = 0;

	for (size_t i = 0; i < issues->n; i++) {
		struct str rest = exchange_field(ex, "_shown"), part = {0};
		/* An answer that is wrong was given, so its question was seen. */
		bool shown = issues->v[i].warning || !issues->v[i].missing;

		while (!shown && str_next(&rest, ' ', &part))
			shown = str_eq(part, issues->v[i].path);
		fresh += !shown;
	}
	return fresh > 0 && fresh == issues->refusals;
}

err page_section_save(struct exchange *ex)
{
	struct section_page page;
	struct issues issues = {0};
	struct section_change change;
	bool leaves = !str_absent(exchange_field(ex, "_leave"));

	TRY(find(ex, &page));
	TRY(save(ex, &page, !section_post_stays(ex) && !leaves, &issues, &change));
	/* What was typed is kept; the form opens again behind the card. */
	if (card_is_first(&page.draft))
		return card_lead(ex, &page.draft);
	bool switched = locale_switched(ex);

	if (page.conflict)
		return show_conflicts(ex, &page, &issues);
	if (change.drops.n > 0)
		return section_change_ask(ex, &page.draft, page.section, &change);
	if (switched)
		return exchange_redirect(ex, ex->req->path);
	if (section_post_stays(ex))
		return show(ex, &page, 200, &issues, false);
	if (leaves)
		return exchange_redirect(ex, next_page(ex, &page));
	form_check(&page.scope, ex->cx.arena, page.section, &issues);
	TRY(lookup_check(&ex->cx, &page.scope, page.section, &issues));
	if (issues.refusals == 0)
		return exchange_redirect(ex, next_page(ex, &page));
	if (only_new_questions(ex, &issues))
		return show(ex, &page, 200, NULL, true);
	return show(ex, &page, 400, &issues, false);
}

static void conflict_write(struct exchange *ex, const struct section_page *page, struct buf *out)
{
	size_t first = 0;

	while (page->merged[first] != MERGED_BOTH)
		first++;
	const struct msg_arg args[] = {{STR("label"), text_plain(&page->section->fields[first]->label, ex->page.locale)}};

	buf_str(out, msg_text(ex->cx.arena, ex->page.locale, MSG_section_changed_elsewhere, args, 1));
}

/*
 * While typing: saved without a judgement; the answer is the time, or what was not saved, and what the page has seen now in a line below.
 * What would leave answers unused is asked about at the next press.
 */
err page_section_autosave(struct exchange *ex)
{
	struct section_page page;
	struct issues issues = {0};
	struct section_change change;
	struct buf said;

	TRY(find(ex, &page));
	TRY(save(ex, &page, false, &issues, &change));
	buf_init(&said, ex->cx.arena, LIMIT_HTTP_HEAD);
	if (page.conflict)
		conflict_write(ex, &page, &said);
	else
		clock_write(&said, page.draft.saved_at);
	buf_byte(&said, '\n');
	buf_str(&said, section_seen_again(ex, page.section, &page.draft.answers, page.merged));
	return exchange_bytes(ex, page.conflict ? 409 : 200, STR("text/plain; charset=utf-8"), buf_view(&said));
}
