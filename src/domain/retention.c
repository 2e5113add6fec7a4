#include "domain/retention.h"

#include "base/time.h"
#include "domain/attachment/attachment_keep.h"
#include "domain/audit.h"
#include "domain/portal.h"
#include "store/query.h"

static err links_in_tx(struct cx *cx, void *arg)
{
	(void)arg;
	TRY(q_registration_purge(cx_tx(cx), cx->now - RETENTION_LINK_MS, NULL));
	TRY(q_link_purge(cx_tx(cx), cx->now - RETENTION_LINK_MS, NULL));
	return q_throttle_purge(cx_tx(cx), cx->now, NULL);
}

static err sessions_in_tx(struct cx *cx, void *arg)
{
	(void)arg;
	return q_session_purge(cx_tx(cx), id_first(cx->now - cx->portal->settings.session_total_ms), NULL);
}

/* Each with its files and their pictures: a transaction of some milliseconds. */
#define DRAFTS 50

/* The one that takes something from a person, so it is on record. */
static err drafts_in_tx(struct cx *cx, void *arg)
{
	size_t *count = arg;
	struct q_draft_purge_row *rows;
	struct attachment_gone gone; /* nothing: no upload takes as long as a draft is kept */

	TRY(q_draft_purge(cx_tx(cx), time_date(cx->now), DRAFTS, &rows, count));
	for (size_t i = 0; i < *count; i++)
		TRY(attachment_drop(cx, rows[i].account_id, rows[i].id, &gone));
	if (*count == 0)
		return ok();
	return audit_add(cx, STR("drafts_expired"), 0, STR("draft"), 0, str_fmt(cx->arena, "%zu", *count));
}

static err ended_in_tx(struct cx *cx, void *arg)
{
	(void)arg;
	return q_outbox_purge(cx_tx(cx), cx->now - RETENTION_ENDED_MS, NULL);
}

err retention_run(struct cx *cx)
{
	static cx_fn *const kinds[] = {links_in_tx, sessions_in_tx, ended_in_tx};
	size_t count;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		TRY(cx_write(cx, kinds[i], NULL));
	do
		TRY(cx_write(cx, drafts_in_tx, &count));
	while (count == DRAFTS);
	return ok();
}
