#include "domain/application/draft.h"
#include "domain/identity/usage.h"
#include "domain/portal.h"
#include "render/templates.h"
#include "web/page.h"
#include "web/url.h"
#include "web/usage_view.h"
#include "web/view_text.h"

/* Where one who may not apply yet is led: what is missing, in which state it is, and the way to it. */
err page_usage_needed(struct exchange *ex)
{
	const struct procedure *procedure = catalogue_find(ex->cx.portal->catalogue, exchange_path(ex, 0));
	struct draft *drafts;
	struct usage usage;
	size_t count;

	if (!procedure || (procedure->use != USE_NEEDED && procedure->use != USE_RENEWAL))
		return fail(ERR_NOT_FOUND, "no such procedure that asks for a request for use");
	TRY(usage_find(&ex->cx, &usage));
	TRY(draft_list(&ex->cx, &drafts, &count));
	struct view_usage_needed view = {
		.title = view_label(ex, &procedure->title),
		.procedure = url_1(ex->cx.arena, ROUTE_procedure_show, procedure->id),
	};

	for (size_t i = 0; i < count; i++)
		view.has_drafts = view.has_drafts || drafts[i].procedure == procedure;
	usage_view(ex, &usage, &view.usage);
	return PAGE(ex, 200, MSG_usage_needed_title, usage_needed, &view);
}
