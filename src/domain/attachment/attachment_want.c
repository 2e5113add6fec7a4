#include "domain/attachment/attachment_want.h"

#include "base/vec.h"

/* What a procedure wants, beside what is there. */

/* The worst of several counts, because that is what a person has to look at. */
static const int weights[ATTACHMENT_STATE_COUNT] = {
	[ATTACHMENT_MISSING] = 0,
	[ATTACHMENT_NOT_NEEDED] = 1,
	[ATTACHMENT_OK] = 2,
	[ATTACHMENT_CHECKING] = 3,
	[ATTACHMENT_UPLOADING] = 4,
	[ATTACHMENT_PROBLEM] = 5,
};

static void files_of(struct arena *arena, const struct attachments *list, struct attachment_want *want, unsigned most)
{
	size_t counted = 0;
	want->files = arena_array(arena, const struct attachment *, list->n);
	for (size_t i = 0; i < list->n; i++) {
		const struct attachment *file = &list->v[i];
		if (!str_eq(file->document, want->id))
			continue;
		want->files[want->count++] = file;
		counted += file->state != ATTACHMENT_PROBLEM;
		if (weights[file->state] > weights[want->state])
			want->state = file->state;
	}
	want->full = most > 0 && counted >= most;
}

/* Whether something stands for it that goes along. */
static bool is_there(const struct attachment_want *want)
{
	for (size_t i = 0; i < want->count; i++)
		if (want->files[i]->state != ATTACHMENT_PROBLEM)
			return true;
	return false;
}

struct wants_list {
	VEC(struct attachment_want) v;
};

static void photo_add(struct arena *arena, struct rule_eval *eval, const struct attachments *list, struct wants_list *wants)
{
	const struct photo_rule *rule = &eval->scope->procedure->photo;
	struct attachment_want *want = vec_add(arena, &wants->v);
	*want = (struct attachment_want){
		.id = STR(PHOTO_DOCUMENT),
		.asked = true,
		.expected = true,
		.may_skip = rule->may_skip && rule_holds(eval, rule->not_needed),
	};
	files_of(arena, list, want, 0);
}

/* A file that stands for nothing that is asked: so that it can be seen, and deleted. */
static void rest_add(struct arena *arena, const struct procedure *procedure, const struct attachments *list, struct wants_list *wants)
{
	for (size_t i = 0; i < list->n && !procedure->amends; i++) {
		struct str id = list->v[i].document;
		size_t known = 0;
		while (known < wants->v.n && !str_eq(wants->v.v[known].id, id))
			known++;
		if (known < wants->v.n)
			continue;
		struct attachment_want *want = vec_add(arena, &wants->v);
		*want = (struct attachment_want){.id = id, .document = procedure_document(procedure, id)};
		files_of(arena, list, want, 0);
	}
}

void attachment_wants(struct arena *arena, const struct form_scope *scope, const struct attachments *list, struct attachment_wants *out)
{
	const struct procedure *procedure = scope->procedure;
	struct rule_eval eval;
	struct wants_list wants = {0};
	rule_eval_init(&eval, scope);
	*out = (struct attachment_wants){
		.asked = procedure->files_most > 0,
		.photo_asked = procedure->photo.asked && rule_holds(&eval, procedure->photo.when),
		.files_most = procedure->files_most,
		.bytes_most = procedure->bytes_most,
		.files_left = (int64_t)procedure->files_most - list->files,
		.bytes_left = procedure->bytes_most - list->bytes,
	};
	if (out->files_left < 0)
		out->files_left = 0;
	if (out->bytes_left < 0)
		out->bytes_left = 0;
	if (out->photo_asked)
		photo_add(arena, &eval, list, &wants);
	for (size_t i = 0; i < procedure->document_count; i++) {
		const struct document *document = &procedure->documents[i];
		if (!rule_holds(&eval, document->when))
			continue;
		struct attachment_want *want = vec_add(arena, &wants.v);
		bool by_tax = list->tax && document->by_tax && rule_holds(&eval, document->by_tax_when);
		*want = (struct attachment_want){
			.id = document->id, .document = document, .asked = true, .expected = document->expected && !by_tax, .by_tax = by_tax};
		files_of(arena, list, want, document->files);
		out->missing += want->expected && !is_there(want);
	}
	rest_add(arena, procedure, list, &wants);
	out->v = wants.v.v;
	out->n = wants.v.n;
}

/* ---- what stands in the way ---- */

struct check_list {
	VEC(struct issue) v;
	size_t refusals;
};

static struct issue *issue_add(struct arena *arena, struct check_list *list, struct str document, enum msg msg, bool warning)
{
	struct issue *issue = vec_add(arena, &list->v);
	*issue = (struct issue){.path = document, .document = document, .msg = msg, .warning = warning, .missing = true};
	list->refusals += !warning;
	return issue;
}

/* The photo: there, or declared unnecessary where that still may be. */
static void photo_check(struct arena *arena, const struct attachment_want *want, struct check_list *list)
{
	bool there = false, skipped = false;
	for (size_t i = 0; i < want->count; i++) {
		there |= attachment_ready(want->files[i]);
		skipped |= want->files[i]->state == ATTACHMENT_NOT_NEEDED;
	}
	if (!there && !(skipped && want->may_skip))
		issue_add(arena, list, want->id, skipped ? MSG_attach_issue_photo_needed : MSG_attach_issue_photo, false);
}

static void files_check(struct arena *arena, const struct attachment_want *want, struct check_list *list)
{
	static const enum msg msgs[ATTACHMENT_STATE_COUNT] = {
		[ATTACHMENT_UPLOADING] = MSG_attach_issue_uploading,
		[ATTACHMENT_CHECKING] = MSG_attach_issue_checking,
		[ATTACHMENT_PROBLEM] = MSG_attach_issue_problem,
	};
	for (size_t i = 0; i < want->count; i++) {
		const struct attachment *file = want->files[i];
		if (msgs[file->state] == MSG_NONE)
			continue;
		struct issue *issue = issue_add(arena, list, want->id, msgs[file->state], file->state == ATTACHMENT_PROBLEM);
		issue->args[issue->arg_count++] = (struct msg_arg){STR("file"), file->name};
	}
}

bool attachment_ready(const struct attachment *attachment)
{
	return attachment->state == ATTACHMENT_OK;
}

void attachment_check(struct arena *arena, const struct locale *locale, const struct attachment_wants *wants, struct issues *out)
{
	struct check_list list = {0};
	for (size_t i = 0; i < out->n; i++)
		vec_push(arena, &list.v, out->v[i]);
	list.refusals = out->refusals;
	for (size_t i = 0; i < wants->n; i++) {
		const struct attachment_want *want = &wants->v[i];
		if (want->asked && !want->document)
			photo_check(arena, want, &list);
		files_check(arena, want, &list);
		if (!want->asked || !want->document || !want->expected || is_there(want))
			continue;
		struct issue *issue = issue_add(arena, &list, want->id, MSG_attach_issue_missing, true);
		issue->args[issue->arg_count++] = (struct msg_arg){STR("document"), text_plain(&want->document->label, locale)};
	}
	*out = (struct issues){.v = list.v.v, .n = list.v.n, .refusals = list.refusals};
}
