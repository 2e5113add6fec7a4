#include "domain/application/draft.h"

#include "base/limits.h"
#include "base/time.h"
#include "crypto/seal.h"
#include "crypto/token.h"
#include "domain/application/amend.h"
#include "domain/application/application_seal.h"
#include "domain/definition/archive.h"
#include "domain/attachment/attachment_keep.h"
#include "domain/audit.h"
#include "domain/identity/card_fill.h"
#include "domain/identity/identity_card.h"
#include "domain/portal.h"
#include "domain/sealed.h"
#include "domain/identity/tax.h"
#include "domain/form/prefill.h"
#include "domain/identity/usage.h"
#include "store/query.h"

/* ---- sealing ---- */

struct str draft_purpose(struct arena *arena, int64_t account_id, int64_t id)
{
	return str_fmt(arena, "draft %lld %lld", (long long)account_id, (long long)id);
}

/* The actor's own. */
static struct str purpose(struct cx *cx, int64_t id)
{
	return draft_purpose(cx->arena, cx->actor.account_id, id);
}

static err answers_seal(struct cx *cx, int64_t id, const struct answers *answers, struct str *out)
{
	struct str text = answers_write(cx->arena, answers);

	if (text.n > LIMIT_ANSWERS)
		return fail(ERR_LIMIT, "answers of a draft over %u bytes", LIMIT_ANSWERS);
	*out = seal(cx->arena, cx->portal->key, purpose(cx, id), text);
	return ok();
}

struct str draft_answers_seal(struct cx *cx, int64_t id, const struct answers *answers)
{
	return seal(cx->arena, cx->portal->key, purpose(cx, id), answers_write(cx->arena, answers));
}

static err answers_unseal(struct cx *cx, int64_t id, struct str sealed, struct answers *out)
{
	struct str text;

	TRY(sealed_open(cx, purpose(cx, id), sealed, &text));
	if (failed(answers_read(cx->arena, text, out)))
		return fail(ERR_INTERNAL, "draft holds no answers");
	return ok();
}

/* ---- marks: when each section was saved last, and by which page: "identity=4:Zx81aB_c* stay=7", with a star when its page was sent ---- */

struct mark {
	struct str section;
	int64_t revision;
	struct str page;
	bool visited;
};

static bool mark_next(struct str *rest, struct mark *out)
{
	struct str part;

	while (str_next(rest, ' ', &part)) {
		ptrdiff_t sign = str_find_byte(part, '=');

		if (sign < 0)
			continue;
		struct str number = str_skip(part, (size_t)sign + 1);

		*out = (struct mark){.section = str_sub(part, 0, (size_t)sign),
			.visited = str_ends(number, STR("*"))};
		if (out->visited)
			number.n--;
		ptrdiff_t colon = str_find_byte(number, ':');

		if (colon >= 0) {
			out->page = str_skip(number, (size_t)colon + 1);
			number.n = (size_t)colon;
		}
		if (str_to_i64(number, &out->revision))
			return true;
	}
	return false;
}

static struct mark mark_find(struct str marks, struct str section)
{
	struct mark mark;

	while (mark_next(&marks, &mark))
		if (str_eq(mark.section, section))
			return mark;
	return (struct mark){.section = section};
}

static void mark_write(struct buf *out, const struct mark *mark)
{
	if (out->n > 0)
		buf_byte(out, ' ');
	buf_str(out, mark->section);
	buf_byte(out, '=');
	buf_i64(out, mark->revision);
	if (!str_empty(mark->page)) {
		buf_byte(out, ':');
		buf_str(out, mark->page);
	}
	if (mark->visited)
		buf_byte(out, '*');
}

static struct str marks_with(struct arena *arena, struct str marks, const struct mark *changed)
{
	struct buf out;
	struct mark mark;

	buf_init(&out, arena, marks.n + changed->section.n + changed->page.n + 32);
	while (mark_next(&marks, &mark))
		if (!str_eq(mark.section, changed->section))
			mark_write(&out, &mark);
	mark_write(&out, changed);
	return buf_view(&out);
}

bool draft_visited(const struct draft *draft, struct str section_id)
{
	return mark_find(draft->marks, section_id).visited;
}

struct str draft_page(const struct draft *draft, struct str section_id)
{
	return mark_find(draft->marks, section_id).page;
}

/* ---- reading ---- */

static err require_account(const struct cx *cx)
{
	return cx->actor.kind == ACTOR_ACCOUNT ? ok() : fail(ERR_DENIED, "nobody is logged in");
}

static int32_t keep_until(const struct cx *cx)
{
	return time_date(cx->now + cx->portal->settings.draft_keep_ms);
}

/* The common part of a row of draft_find and draft_list. */
#define DRAFT_OF(cx, id_, row)                                                          \
	((struct draft){                                                                \
		.id = (id_),                                                            \
		.account_id = (cx)->actor.account_id,                                   \
		.procedure = catalogue_find((cx)->portal->catalogue, (row)->procedure), \
		.revision = (row)->revision,                                            \
		.created_at = (row)->created_at,                                        \
		.saved_at = (row)->saved_at,                                            \
		.expires_at = (row)->saved_at + (cx)->portal->settings.draft_keep_ms,   \
		.submission_token = (row)->token,                                       \
		.marks = (row)->visited,                                                \
	})

static void calculate(struct cx *cx, struct draft *draft)
{
	const struct form_scope scope = {
		.procedure = draft->procedure,
		.answers = &draft->answers,
		.user_type = cx->actor.user_type,
		.today = time_date(cx->now),
	};

	form_calculate(&scope, &draft->answers);
}

/* What the person's card says of this draft, each time it is read: it is never taken from what was typed. */
static err card_read(struct cx *cx, struct draft *draft)
{
	const struct procedure *procedure = draft->procedure;

	if (!card_reading_on(cx) || !procedure_reads_card(procedure, cx->actor.user_type))
		return ok();
	err read = basic4_of_draft(cx, draft->id, &draft->card);

	if (read.code != ERR_NOT_FOUND)
		TRY(read);
	draft->has_card = read.code == OK;
	if (draft->has_card)
		card_fill(&draft->answers, procedure, cx->actor.user_type, &draft->card);
	else
		draft->card_next = procedure->card_steps[0];
	return ok();
}

/* What can be told without opening it; *sealed: the answers. */
static err head_read(struct cx *cx, int64_t id, struct draft *out, struct str *sealed)
{
	struct q_draft_find_row row;

	TRY(require_account(cx));
	TRY(q_draft_find(cx_tx(cx), cx->actor.account_id, id, &row));
	struct draft draft = DRAFT_OF(cx, id, &row);

	if (!draft.procedure)
		return fail(ERR_NOT_FOUND, "procedure of a draft is gone");
	draft.outdated = !str_eq(row.version, draft.procedure->version);
	draft.version = row.version;
	draft.files = row.files;
	draft.files_key = row.files_key;
	draft.application_id = row.application_id;
	answers_init(&draft.answers, cx->arena);
	*sealed = row.answers;
	*out = draft;
	return ok();
}

static err draft_read(struct cx *cx, int64_t id, struct draft *out)
{
	struct draft draft;
	struct str sealed;

	TRY(head_read(cx, id, &draft, &sealed));
	TRY(answers_unseal(cx, id, sealed, &draft.answers));
	if (draft.outdated)
		answers_move(draft.procedure, &draft.answers);
	if (draft.application_id == 0)
		TRY(card_read(cx, &draft));
	calculate(cx, &draft);
	if (draft.application_id != 0)
		TRY(amend_draft(cx, &draft));
	*out = draft;
	return ok();
}

err draft_require(struct cx *cx, int64_t id, struct draft *out)
{
	return draft_read(cx, id, out);
}

err draft_head(struct cx *cx, int64_t id, struct draft *out)
{
	struct str sealed;

	return head_read(cx, id, out, &sealed);
}

err draft_list(struct cx *cx, struct draft **out, size_t *count)
{
	struct q_draft_list_row *rows;
	size_t n, kept = 0;

	TRY(require_account(cx));
	TRY(q_draft_list(cx_tx(cx), cx->actor.account_id, &rows, &n));
	struct draft *drafts = arena_array(cx->arena, struct draft, n + 1);

	for (size_t i = 0; i < n; i++) {
		struct draft draft = DRAFT_OF(cx, rows[i].id, &rows[i]);

		if (!draft.procedure)
			continue;
		draft.version = rows[i].version;
		draft.outdated = !str_eq(rows[i].version, draft.procedure->version);
		answers_init(&draft.answers, cx->arena);
		drafts[kept++] = draft;
	}
	*out = drafts;
	*count = kept;
	return ok();
}

/* ---- creating ---- */

struct create {
	const struct procedure *procedure;
	int64_t id;
	struct str token;
};

static err create_in_tx(struct cx *cx, void *arg)
{
	const struct create *create = arg;
	struct answers first;
	struct account account;
	struct str sealed;
	int64_t changed = 0;

	answers_init(&first, cx->arena);
	TRY(account_get(cx, cx->actor.account_id, &account));
	answers_prefill(&first, create->procedure, &account);
	TRY(answers_seal(cx, create->id, &first, &sealed));
	TRY(q_draft_insert(cx_tx(cx),
		&(struct q_draft_insert_in){
			.account_id = cx->actor.account_id,
			.id = create->id,
			.procedure = create->procedure->id,
			.version = create->procedure->version,
			.token = create->token,
			.at = cx->now,
			.keep_until = keep_until(cx),
			.answers = sealed,
			.most = LIMIT_DRAFTS_PER_ACCOUNT,
		},
		&changed));
	if (changed == 0)
		return fail(ERR_LIMIT, "drafts of an account");
	return audit_add(cx, STR("draft_created"), cx->actor.account_id, STR("draft"), create->id,
		create->procedure->id);
}

err draft_create(struct cx *cx, struct str procedure_id, int64_t *out_id)
{
	struct create create = {
		.procedure = catalogue_find(cx->portal->catalogue, procedure_id),
		.id = id_new(cx->now),
		.token = token_new(cx->arena),
	};

	TRY(require_account(cx));
	if (!create.procedure)
		return fail(ERR_NOT_FOUND, "no such procedure");
	if (!create.procedure->user_types[cx->actor.user_type])
		return fail(ERR_DENIED, "procedure is not for this kind of user");
	if (!procedure_open(create.procedure, time_date(cx->now)))
		return fail(ERR_DENIED, "reception is closed");
	TRY(usage_require(cx, create.procedure));
	TRY(cx_write(cx, create_in_tx, &create));
	*out_id = create.id;
	return ok();
}

/* ---- saving ---- */

/* Puts those answers into `out` whose fields are (or are not) in the set; answers how many. */
static size_t answers_pick(
	const struct answers *from, const struct map *fields, bool in_set, struct answers *out)
{
	size_t picked = 0;

	for (size_t i = 0; i < from->map.n; i++) {
		struct str path = from->map.entries[i].key;
		struct str value = answers_get(from, path);

		if (value.n == 0 || (map_get(fields, path_head(path)) != NULL) != in_set)
			continue;
		answers_set(out, path, value);
		picked++;
	}
	return picked;
}

static bool answers_same(
	const struct answers *a, size_t a_count, const struct answers *b, size_t b_count)
{
	if (a_count != b_count)
		return false;
	for (size_t i = 0; i < a->map.n; i++) {
		struct str path = a->map.entries[i].key;

		if (!str_eq(answers_get(a, path), answers_get(b, path)))
			return false;
	}
	return true;
}

/* What is stored with what was given; *differs: the fields given had other answers. */
static void answers_merge(struct arena *arena, const struct procedure *procedure, const struct answers *stored,
	const struct draft_save *save, struct answers *out, bool *differs)
{
	struct map fields;
	struct answers before, given;

	map_init(&fields, arena);
	for (size_t i = 0; i < save->field_count; i++) {
		const struct field *field =
			save->fields[i]->group ? save->fields[i]->group : save->fields[i];

		/* What is closed stays as it was submitted, whatever was sent. */
		if (!procedure->amends || amend_shows(procedure, field))
			map_put(&fields, field->id, &fields);
	}
	answers_init(&before, arena);
	answers_init(&given, arena);
	answers_init(out, arena);
	size_t before_count = answers_pick(stored, &fields, true, &before);
	size_t given_count = answers_pick(save->answers, &fields, true, &given);

	answers_pick(stored, &fields, false, out);
	answers_pick(&given, &fields, true, out);
	*differs = !answers_same(&before, before_count, &given, given_count);
}

struct save_call {
	const struct draft_save *save;
	struct draft_saved saved;
};

static err save_row(struct cx *cx, const struct draft *draft, struct str version, struct str marks,
	const struct answers *answers)
{
	struct str sealed;
	int64_t changed = 0;

	TRY(answers_seal(cx, draft->id, answers, &sealed));
	TRY(q_draft_save(cx_tx(cx),
		&(struct q_draft_save_in){
			.account_id = draft->account_id,
			.id = draft->id,
			.revision_before = draft->revision,
			.version = version,
			.visited = marks,
			.saved_at = cx->now,
			.keep_until = keep_until(cx),
			.answers = sealed,
		},
		&changed));
	if (changed == 0)
		return cx_again(cx, "draft saved by another page at the same moment");
	return ok();
}

static err save_in_tx(struct cx *cx, void *arg)
{
	struct save_call *call = arg;
	const struct draft_save *save = call->save;
	struct draft draft;
	struct answers merged;
	bool differs;

	TRY(draft_read(cx, save->id, &draft));
	answers_merge(cx->arena, draft.procedure, &draft.answers, save, &merged, &differs);
	struct mark mark = mark_find(draft.marks, save->section);

	if (differs && !save->overwrite && mark.revision > save->revision)
		return fail(ERR_CONFLICT, "section saved from another page");
	mark.revision = draft.revision + 1;
	mark.page = save->page;
	mark.visited = mark.visited || save->visited;
	TRY(save_row(
		cx, &draft, draft.version, marks_with(cx->arena, draft.marks, &mark), &merged));
	call->saved = (struct draft_saved){
		.revision = draft.revision + 1,
		.saved_at = cx->now,
		.merged = draft.revision != save->revision,
	};
	return ok();
}

err draft_save(struct cx *cx, const struct draft_save *save, struct draft_saved *out)
{
	struct save_call call = {.save = save};

	TRY(cx_write(cx, save_in_tx, &call));
	*out = call.saved;
	return ok();
}

/* ---- a newer version ---- */

err draft_changes(struct cx *cx, const struct draft *draft, struct draft_changes *out)
{
	struct draft_changes changes = {0};
	err e = archive_find(cx, draft->procedure->id, draft->version, &changes.before);

	if (archive_failed(e))
		return e;
	if (failed(e))
		changes.before = NULL;
	else
		procedure_changes(cx->arena, changes.before, draft->procedure, &changes.v, &changes.n);
	e = archive_published_at(cx, draft->procedure->id, draft->procedure->version, &changes.since);
	if (e.code != ERR_NOT_FOUND)
		TRY(e);
	*out = changes;
	return ok();
}

/* Whether somebody who has seen the section before sees something else there now. */
static bool section_changed(const struct draft_changes *changes, struct str section)
{
	for (size_t i = 0; i < changes->n; i++)
		if (changes->v[i].now && str_eq(changes->v[i].now->section->id, section))
			return true;
	return changes->before == NULL;
}

static struct str marks_left(struct arena *arena, const struct draft *draft, const struct draft_changes *changes)
{
	struct str marks = draft->marks;
	struct mark mark;
	struct buf out;

	buf_init(&out, arena, marks.n + 1);
	while (mark_next(&marks, &mark))
		if (procedure_section(draft->procedure, mark.section) && !section_changed(changes, mark.section))
			mark_write(&out, &mark);
	return buf_view(&out);
}

struct renew_call {
	int64_t id;
	const struct draft_changes *changes;
};

static err renew_in_tx(struct cx *cx, void *arg)
{
	const struct renew_call *call = arg;
	struct draft draft;
	struct answers kept;
	struct map fields;

	TRY(draft_read(cx, call->id, &draft));
	if (!draft.outdated)
		return ok();
	map_init(&fields, cx->arena);
	for (size_t i = 0; i < draft.procedure->field_count; i++)
		if (!draft.procedure->fields[i]->group)
			map_put(&fields, draft.procedure->fields[i]->id, &fields);
	answers_init(&kept, cx->arena);
	answers_pick(&draft.answers, &fields, true, &kept);
	return save_row(cx, &draft, draft.procedure->version, marks_left(cx->arena, &draft, call->changes), &kept);
}

err draft_renew(struct cx *cx, int64_t id)
{
	struct draft draft;
	struct draft_changes changes;
	struct renew_call call = {.id = id, .changes = &changes};

	TRY(draft_require(cx, id, &draft));
	if (!draft.outdated)
		return ok();
	TRY(draft_changes(cx, &draft, &changes));
	return cx_write(cx, renew_in_tx, &call);
}

err draft_end(struct cx *cx, int64_t account_id, int64_t id, struct attachment_gone *gone, bool *out_was)
{
	int64_t changed = 0;

	TRY(q_draft_delete(cx_tx(cx), account_id, id, &changed));
	*out_was = changed > 0;
	if (changed == 0)
		return ok();
	TRY(basic4_drop(cx, account_id, id));
	TRY(tax_drop(cx, account_id, id));
	return attachment_drop(cx, account_id, id, gone);
}

struct delete_call {
	int64_t id;
	struct attachment_gone gone;
};

static err delete_in_tx(struct cx *cx, void *arg)
{
	struct delete_call *call = arg;
	bool was;

	TRY(draft_end(cx, cx->actor.account_id, call->id, &call->gone, &was));
	if (!was)
		return fail(ERR_NOT_FOUND, "no such draft");
	return audit_add(cx, STR("draft_deleted"), cx->actor.account_id, STR("draft"), call->id, STR(""));
}

err draft_delete(struct cx *cx, int64_t id, struct attachment_gone *gone)
{
	struct delete_call call = {.id = id};

	TRY(require_account(cx));
	TRY(cx_write(cx, delete_in_tx, &call));
	*gone = call.gone;
	return ok();
}
