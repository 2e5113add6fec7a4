#include "web/upload.h"

#include "base/log.h"
#include "base/time.h"

static bool take(struct taker *taker, struct str piece)
{
	struct upload_taker *upload = taker->state;

	upload->ex->cx.now = time_now();
	upload->fault = upload->add(upload, piece);
	cx_end(&upload->ex->cx);
	if (failed(upload->fault))
		upload->fault_words = str_fmt(upload->ex->cx.arena, "%s", err_detail());
	return !failed(upload->fault);
}

static void drop(struct taker *taker)
{
	struct upload_taker *upload = taker->state;

	upload->ex->cx.now = time_now();
	upload->drop(upload);
	cx_end(&upload->ex->cx);
	log_event(LOG_INFO, "upload_broken", LOG_STR("id", upload->ex->cx.request_id), LOG_C("route", upload->ex->route->name),
		LOG_I64("account", upload->ex->cx.actor.account_id));
}

struct upload_taker *upload_taker_new(struct exchange *ex, err (*add)(struct upload_taker *taker, struct str piece),
	void (*drop_)(struct upload_taker *taker), void *state)
{
	struct upload_taker *upload = arena_new(ex->cx.arena, struct upload_taker);

	*upload = (struct upload_taker){.taker = {take, drop, upload}, .ex = ex, .add = add, .drop = drop_, .state = state};
	ex->upload = upload;
	return upload;
}
