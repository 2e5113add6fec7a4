#include "domain/application/lifecycle.h"

#include "base/err.h"

/* The whole life of an application. A way that is not here does not exist. */
const struct transition transitions[] = {
	{STATUS_PENDING, EVENT_ACCEPT, STATUS_ACCEPTED, PARTY_OFFICE | PARTY_JOB},
	{STATUS_PENDING, EVENT_WITHDRAW, STATUS_WITHDRAWN, PARTY_OWNER},
	{STATUS_ACCEPTED, EVENT_REVIEW, STATUS_REVIEW, PARTY_OFFICE},
	{STATUS_PENDING, EVENT_RETURN, STATUS_RETURNED, PARTY_OFFICE},
	{STATUS_ACCEPTED, EVENT_RETURN, STATUS_RETURNED, PARTY_OFFICE},
	{STATUS_REVIEW, EVENT_RETURN, STATUS_RETURNED, PARTY_OFFICE},
	{STATUS_REVIEW, EVENT_APPROVE, STATUS_ISSUANCE, PARTY_OFFICE},
	{STATUS_REVIEW, EVENT_REFUSE, STATUS_REFUSED, PARTY_OFFICE},
	{STATUS_RETURNED, EVENT_RESUBMIT, STATUS_REVIEW, PARTY_OWNER},
	{STATUS_RETURNED, EVENT_WITHDRAW, STATUS_WITHDRAWN, PARTY_OWNER},
	{STATUS_ISSUANCE, EVENT_ISSUE, STATUS_COMPLETED, PARTY_OFFICE},
	{STATUS_PENDING, EVENT_USE_ACCEPT, STATUS_COMPLETED, PARTY_OFFICE | PARTY_JOB},
	{STATUS_PENDING, EVENT_USE_REFUSE, STATUS_REFUSED, PARTY_OFFICE},
};
const size_t transition_count = sizeof transitions / sizeof *transitions;

const bool status_amends[STATUS_COUNT] = {[STATUS_RETURNED] = true};

const struct str status_names[STATUS_COUNT] = {
	[STATUS_PENDING] = STR_INIT("pending"),
	[STATUS_ACCEPTED] = STR_INIT("accepted"),
	[STATUS_REVIEW] = STR_INIT("review"),
	[STATUS_ISSUANCE] = STR_INIT("issuance"),
	[STATUS_RETURNED] = STR_INIT("returned"),
	[STATUS_COMPLETED] = STR_INIT("completed"),
	[STATUS_REFUSED] = STR_INIT("refused"),
	[STATUS_WITHDRAWN] = STR_INIT("withdrawn"),
};

const struct str event_names[EVENT_COUNT] = {
	[EVENT_SUBMIT] = STR_INIT("submit"),
	[EVENT_ACCEPT] = STR_INIT("accept"),
	[EVENT_REVIEW] = STR_INIT("review"),
	[EVENT_RETURN] = STR_INIT("return"),
	[EVENT_RESUBMIT] = STR_INIT("resubmit"),
	[EVENT_APPROVE] = STR_INIT("approve"),
	[EVENT_ISSUE] = STR_INIT("issue"),
	[EVENT_REFUSE] = STR_INIT("refuse"),
	[EVENT_WITHDRAW] = STR_INIT("withdraw"),
	[EVENT_USE_ACCEPT] = STR_INIT("use_accept"),
	[EVENT_USE_REFUSE] = STR_INIT("use_refuse"),
};

static const struct {
	enum msg label, meaning;
} status_texts[STATUS_COUNT] = {
	[STATUS_PENDING] = {MSG_status_pending, MSG_status_pending_meaning},
	[STATUS_ACCEPTED] = {MSG_status_accepted, MSG_status_accepted_meaning},
	[STATUS_REVIEW] = {MSG_status_review, MSG_status_review_meaning},
	[STATUS_ISSUANCE] = {MSG_status_issuance, MSG_status_issuance_meaning},
	[STATUS_RETURNED] = {MSG_status_returned, MSG_status_returned_meaning},
	[STATUS_COMPLETED] = {MSG_status_completed, MSG_status_completed_meaning},
	[STATUS_REFUSED] = {MSG_status_refused, MSG_status_refused_meaning},
	[STATUS_WITHDRAWN] = {MSG_status_withdrawn, MSG_status_withdrawn_meaning},
};

enum msg status_msg(enum status status)
{
	return status_texts[status].label;
}
enum msg status_meaning_msg(enum status status)
{
	return status_texts[status].meaning;
}

static bool name_find(const struct str *names, size_t count, struct str name, size_t *out)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(names[i], name)) {
			*out = i;
			return true;
		}
	return false;
}

bool status_of(struct str name, enum status *out)
{
	size_t at;

	if (!name_find(status_names, STATUS_COUNT, name, &at))
		return false;
	*out = (enum status)at;
	return true;
}

bool event_of(struct str name, enum event *out)
{
	size_t at;

	if (!name_find(event_names, EVENT_COUNT, name, &at))
		return false;
	*out = (enum event)at;
	return true;
}

err transition_require(enum status from, enum event event, unsigned party, enum status *to)
{
	for (size_t i = 0; i < transition_count; i++) {
		const struct transition *way = &transitions[i];

		if (way->from != from || way->event != event)
			continue;
		if ((way->who & party) == 0)
			return fail(ERR_DENIED, "%.*s is not for this party",
				STR_ARG(event_names[event]));
		*to = way->to;
		return ok();
	}
	return fail(ERR_CONFLICT, "%.*s does not follow %.*s", STR_ARG(event_names[event]),
		STR_ARG(status_names[from]));
}
