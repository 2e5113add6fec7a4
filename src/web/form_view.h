#ifndef WEB_FORM_VIEW_H
#define WEB_FORM_VIEW_H

#include "domain/application/application.h"
#include "domain/application/draft.h"
#include "domain/form/form.h"
#include "render/templates.h"
#include "web/exchange.h"

/*
 * A procedure's questions and answers as views. Names of parameters and ids of elements are the paths of answers ("family.0.name"), so
 * that a person's browser, a test and an issue all mean the same thing by them.
 */

struct form_scope form_scope_of(const struct exchange *ex, const struct procedure *procedure, const struct answers *answers);

/* Of an application: what it was asked when it was submitted, though its people have grown older since. */
struct form_scope form_scope_submitted(const struct application *application);

/* The fields of a section, those not asked now hidden, with what is wrong (issues may be NULL). */
void section_items_view(struct exchange *ex, const struct form_scope *scope, const struct section *section,
	const struct issues *issues, struct view_section_show *view);

/* The list of what is wrong, each with a link: to the field on this page, or (draft_id != 0) on its section's page. */
void issues_view(struct exchange *ex, const struct issues *issues, int64_t draft_id, struct view_part_errors *errors);

/* Paths of the fields that the page shows, with a blank between: what the next POST may say was seen. */
struct str shown_paths(struct exchange *ex, const struct form_scope *scope, const struct section *section);

/* A row of answers for the eye: label, value. */
struct answer_row {
	const struct section *section;
	const struct field *field;
	size_t row;          /* of its group */
	struct str path;
	struct str value;    /* as it is read; empty: not given */
	bool read;           /* from a card */
};
/* All that is asked, in order. */
void answer_rows(struct exchange *ex, const struct form_scope *scope, struct answer_row **out, size_t *count);

/* A label with the number of its row, as issues have it: "Name (2)"; of a group or of a field in one with readings: "Family (2)". Outside groups the label alone. */
struct str row_label_plain(struct exchange *ex, const struct answer_row *row);
struct html group_row_label(struct exchange *ex, const struct field *group, size_t row);

/* The answers by section and row; draft_id != 0: each with a link to change it that leads back to the confirmation. */
void answers_view(struct exchange *ex, const struct form_scope *scope, int64_t draft_id, struct view_part_answers *out);

/* The parts of a draft with their state; `here` is the id of the section shown, or absent. */
void parts_view(struct exchange *ex, const struct form_scope *scope, const struct draft *draft, struct str here,
	struct view_part_parts *out);

/* What a person is told: `state` by the answers alone (form_sections), and whether they have sent the part. */
enum section_state draft_section_state(const struct draft *draft, const struct section *section, enum section_state state);
enum msg section_state_msg(enum section_state state);
struct str section_state_class(enum section_state state);

#endif
