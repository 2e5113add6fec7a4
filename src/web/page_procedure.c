#include "base/time.h"
#include "domain/application/draft.h"
#include "domain/definition/procedure.h"
#include "domain/identity/usage.h"
#include "domain/portal.h"
#include "render/templates.h"
#include "web/fee_view.h"
#include "web/page.h"
#include "web/url.h"
#include "web/view_text.h"

/* Manual 3.2, step 4: one procedure's explanation and terms. */

static err find(struct exchange *ex, const struct procedure **out)
{
	*out = catalogue_find(ex->cx.portal->catalogue, exchange_path(ex, 0));
	return *out ? ok() : fail(ERR_NOT_FOUND, "no such procedure");
}

/* The person's newest draft of this procedure, to go on instead of beginning again. */
static err draft_view(struct exchange *ex, const struct procedure *procedure, struct view_procedure_show *view)
{
	struct draft *drafts;
	size_t count;

	TRY(draft_list(&ex->cx, &drafts, &count));
	for (size_t i = 0; i < count && !view->has_draft; i++) {
		if (drafts[i].procedure != procedure)
			continue;
		view->has_draft = true;
		view->draft = url_id(ex->cx.arena, ROUTE_draft_show, drafts[i].id);
		view->draft_saved = drafts[i].saved_at;
	}
	return ok();
}

static err needs_view(struct exchange *ex, const struct procedure *procedure, struct view_procedure_show *view)
{
	err use = usage_require(&ex->cx, procedure);

	if (use.code == ERR_DENIED) {
		view->needs_usage = true;
		view->usage = url_1(ex->cx.arena, ROUTE_usage_needed, procedure->id);
		return ok();
	}
	return use;
}

static struct html minutes_html(struct exchange *ex, struct minutes minutes)
{
	const struct msg_arg range[] = {
		view_time(ex, "least", minutes.least * TIME_MINUTE),
		view_time(ex, "most", minutes.most * TIME_MINUTE),
	};

	if (minutes.most > minutes.least)
		return view_msg_args(
			ex, MSG_procedure_minutes_range, range, sizeof range / sizeof *range);
	return view_msg_time(ex, MSG_procedure_minutes, minutes.least * TIME_MINUTE);
}

err page_procedure_show(struct exchange *ex)
{
	const struct procedure *procedure;
	const struct locale *locale = ex->page.locale;

	TRY(find(ex, &procedure));
	struct view_procedure_show view = {
		.id = procedure->id,
		.title = view_label(ex, &procedure->title),
		.official = view_official(ex, &procedure->title),
		.explanation = view_paragraphs(ex, text_in(&procedure->explanation, locale)),
		.needs = view_items(ex, text_in(&procedure->needs, locale)),
		.terms = view_paragraphs(ex, text_in(&procedure->terms, locale)),
		.contact = view_paragraphs(ex, text_in(&procedure->contact, locale)),
		.time = view_label(ex, &procedure->time),
		.binding = locale->lang != LANG_JA,
		.open = procedure_open(procedure, time_date(ex->cx.now)),
		.always = procedure->open_until == 0,
		.from = procedure->open_from,
		.until = procedure->open_until,
		.account = ex->session.id != 0,
		.not_for_you = ex->session.id != 0 && !procedure->user_types[ex->cx.actor.user_type],
	};

	view.minutes = minutes_html(
		ex, view.account && !view.not_for_you ? procedure->minutes[ex->cx.actor.user_type] : minutes_of_all(procedure));
	fees_list_view(ex, procedure, &view.fees);
	if (view.account)
		TRY(draft_view(ex, procedure, &view));
	if (view.account && !view.not_for_you)
		TRY(needs_view(ex, procedure, &view));
	tmpl_procedure_show(&ex->body, &ex->page, &view);
	return exchange_page(ex, 200, view_label_plain(ex, &procedure->title));
}

/* `Agree`: the draft begins. */
err page_draft_create(struct exchange *ex)
{
	const struct procedure *procedure;
	int64_t id;

	TRY(find(ex, &procedure));
	err use = usage_require(&ex->cx, procedure);

	if (use.code == ERR_DENIED)
		return exchange_redirect(ex, url_1(ex->cx.arena, ROUTE_usage_needed, procedure->id));
	TRY(use);
	TRY(draft_create(&ex->cx, procedure->id, &id));
	return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_draft_show, id));
}
