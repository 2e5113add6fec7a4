#include "domain/retention.h"

#include "base/time.h"
#include "domain/attachment/attachment_job.h"
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
	const struct settings *settings = &cx->portal->settings;

	(void)arg;
	return q_session_purge(cx_tx(cx), cx->now - settings->session_idle_ms,
		cx->now - settings->session_total_ms, NULL);
}

/* The one that takes something from a person, so it is on record. */
static err drafts_in_tx(struct cx *cx, void *arg)
{
	int64_t changed = 0;

	(void)arg;
	TRY(q_draft_purge(cx_tx(cx), time_date(cx->now), &changed));
	TRY(attachment_purge(cx));
	if (changed == 0)
		return ok();
	return audit_add(cx, STR("drafts_expired"), 0, STR("draft"), 0,
		str_fmt(cx->arena, "%lld", (long long)changed));
}

static err ended_in_tx(struct cx *cx, void *arg)
{
	(void)arg;
	return q_outbox_purge(cx_tx(cx), cx->now - RETENTION_ENDED_MS, NULL);
}

err retention_run(struct cx *cx)
{
	static cx_fn *const kinds[] = {links_in_tx, sessions_in_tx, drafts_in_tx, ended_in_tx};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		TRY(cx_write(cx, kinds[i], NULL));
	return ok();
}
