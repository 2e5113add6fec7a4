/* Which statements a submission runs, and which value is bound to which of their parameters. */

#include "raw_store.h"

#define AT(member) offsetof(struct raw_submission, member)

enum times { ONCE, EACH };

static const struct {
	const char *query; /* NULL: of any */
	const char *name;
	size_t offset;
	enum times times;
} sources[] = {
	{"draft_take", "id", AT(draft), ONCE},
	{"draft_take", "revision", AT(revision), ONCE},
	{"draft_take", "files", AT(files), ONCE},
	{"application_insert", "id", AT(application), ONCE},
	{"application_event_add", "revision", AT(one), ONCE},
	{"application_event_add", "event", AT(submit), ONCE},
	{"outbox_insert", "id", AT(mail_id), EACH},
	{"outbox_insert", "state", AT(zero), ONCE},
	{"outbox_insert", "ended_at", AT(zero), ONCE},
	{"audit_entry_add", "event", AT(submitted), ONCE},
	{"audit_entry_add", "detail", AT(reference), ONCE},
	{NULL, "account_id", AT(account), ONCE},
	{NULL, "application_id", AT(application), ONCE},
	{NULL, "draft_id", AT(draft), ONCE},
	{NULL, "object_id", AT(application), ONCE},
	{NULL, "token", AT(token), ONCE},
	{NULL, "reference", AT(reference), ONCE},
	{NULL, "temporary_no", AT(temporary_no), ONCE},
	{NULL, "procedure", AT(procedure), ONCE},
	{NULL, "version", AT(version), ONCE},
	{NULL, "office", AT(office), ONCE},
	{NULL, "user_type", AT(user_type), ONCE},
	{NULL, "status", AT(status), ONCE},
	{NULL, "name", AT(name), ONCE},
	{NULL, "email", AT(email), ONCE},
	{NULL, "lang", AT(lang), ONCE},
	{NULL, "answers", AT(answers), ONCE},
	{NULL, "files_key", AT(none), ONCE},
	{NULL, "note", AT(none), ONCE},
	{NULL, "at", AT(now), ONCE},
	{NULL, "now", AT(now), ONCE},
	{NULL, "actor_kind", AT(one), ONCE},
	{NULL, "actor_id", AT(account), ONCE},
	{NULL, "term1", AT(terms[0]), ONCE},
	{NULL, "term2", AT(terms[1]), ONCE},
	{NULL, "term3", AT(terms[2]), ONCE},
	{NULL, "term4", AT(terms[3]), ONCE},
	{NULL, "term5", AT(terms[4]), ONCE},
	{NULL, "term6", AT(terms[5]), ONCE},
	{NULL, "term7", AT(terms[6]), ONCE},
	{NULL, "term8", AT(terms[7]), ONCE},
	{NULL, "recipient", AT(recipient), EACH},
	{NULL, "payload", AT(payload), EACH},
	{NULL, "message_id", AT(message_id), EACH},
	{NULL, "template", AT(template), ONCE},
	{NULL, "locale", AT(locale), ONCE},
	{NULL, "lane", AT(lane), ONCE},
	{NULL, "number", AT(number), EACH},
	{NULL, "entries", AT(entries), ONCE},
	{NULL, "hash", AT(hash), ONCE},
	{NULL, "object", AT(object), ONCE},
};

static size_t source_of(const struct sql_query *query, const char *name, size_t nth)
{
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		if (sources[i].query && strcmp(sources[i].query, query->name) != 0)
			continue;
		if (strcmp(sources[i].name, name) == 0)
			return sources[i].offset + (sources[i].times == EACH ? nth : 0) *
							   sizeof(struct sql_value);
	}
	raw_die(query->name, name);
}

static void add(struct raw_plan *plan, const char *name, size_t nth)
{
	for (size_t i = 0; i < sql_catalog.query_count; i++) {
		const struct sql_query *query = &sql_catalog.queries[i];

		if (strcmp(query->name, name) != 0)
			continue;
		struct raw_statement *statement = &plan->v[plan->n++];

		statement->query = query;
		for (size_t k = 0; k < query->in_count; k++)
			statement->offsets[k] = source_of(query, query->in[k].name, nth);
		return;
	}
	raw_die("no such query", name);
}

/* In the order of application_submit. */
struct raw_plan raw_plan_make(size_t mails)
{
	struct raw_plan plan = {0};

	add(&plan, "draft_take", 0);
	add(&plan, "application_insert", 0);
	add(&plan, "number_add", 0);
	add(&plan, "application_event_add", 0);
	add(&plan, "attachment_keep", 0);
	add(&plan, "application_term_add", 0);
	for (size_t mail = 0; mail < mails; mail++) {
		add(&plan, "outbox_hasten", mail);
		add(&plan, "outbox_insert", mail);
	}
	add(&plan, "audit_head_lock", 0);
	for (size_t entry = 0; entry < RAW_ENTRIES; entry++)
		add(&plan, "audit_entry_add", entry);
	add(&plan, "audit_head_set", 0);
	return plan;
}
