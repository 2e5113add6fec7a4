#ifndef WEB_TAX_VIEW_H
#define WEB_TAX_VIEW_H

#include "domain/application/application.h"
#include "domain/application/draft.h"
#include "domain/identity/tax.h"
#include "render/templates.h"
#include "web/exchange.h"

/* Tax information for the eye: always read-only, with its source and the time it was fetched. */

/* The line in the list of a draft's parts; nothing when the procedure wants none or the counter fetches none. */
void tax_task_view(struct exchange *ex, const struct draft *draft, bool attached, struct view_part_tax_task *out);

/* What goes with a draft or went with an application; nothing when none does. */
err tax_draft_view(struct exchange *ex, const struct draft *draft, bool attached, struct view_part_tax *out);
err tax_application_view(struct exchange *ex, const struct application *application, struct view_part_tax *out);

/* One that was fetched, attached or not. */
void tax_info_view(struct exchange *ex, const struct tax_info *info, struct view_part_tax *out);

/* The same as plain lines, for paper. */
struct tax_line {
	struct str label, value;
};
err tax_application_lines(struct exchange *ex, const struct application *application, struct tax_line **out, size_t *count);

/* What an answer other than TAX_OK means, and which paper stands in its place. */
struct tax_words {
	enum msg title, detail, paper;
	bool again; /* it may be different a little later */
};
extern const struct tax_words tax_words[TAX_ANSWER_COUNT];

#endif
