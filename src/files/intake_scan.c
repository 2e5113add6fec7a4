#include "files/intake.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "scan/clamd.h"

#include <stdatomic.h>
#include <unistd.h>

/* What the virus scanner is asked. */

#define PROBE_MS 5000

/* False: it was silent a moment ago, or somebody is just finding out whether it still is. */
static bool may_ask(const struct files *files)
{
	int64_t now = time_monotonic();
	if (!files->rest)
		return true;
	int64_t until = atomic_load(files->rest);
	if (until == 0)
		return true;
	return now >= until && atomic_compare_exchange_strong(files->rest, &until, now + files->scanner_ms + PROBE_MS + FILES_AGAIN_MS);
}

/* One that is not there is told at once and needs no rest: the next file asks again. */
static void asked(const struct files *files, bool answers, int64_t began)
{
	int64_t now = time_monotonic();
	bool silent = !answers && now - began >= files->scanner_ms;
	if (files->rest)
		atomic_store(files->rest, silent ? now + FILES_AGAIN_MS : 0);
}

/* Whether it says of some harmless bytes that they are. If so, it is this file that it can say nothing of. */
static bool scanner_works(const struct files *files)
{
	AUTO_FD int fd = -1;
	struct scan found;
	if (failed(intake_memory("probe", &fd)) || write(fd, "probe", 5) != 5)
		return false;
	scan_clamd(files->scanner, fd, files->scanner_ms < PROBE_MS ? files->scanner_ms : PROBE_MS, &found);
	return found.outcome == SCAN_CLEAN;
}

static void found_virus(struct intake *intake, const char *name)
{
	const struct attachment *attachment = intake->attachment;
	log_event(LOG_WARN, "virus", LOG_I64("account", attachment->account_id), LOG_I64("file", attachment->id), LOG_C("name", name));
	intake->verdict.reason = STR("virus");
}

static void no_answer(struct intake *intake, const struct scan *found, bool answers)
{
	const struct files *files = intake->files;
	const char *why = str_c(intake->cx->arena, str_of(found->why));
	if (answers) {
		intake_tried(intake, "scanner", why, LIMIT_SCAN_TRIES, "unscannable");
		return;
	}
	intake_waits(intake, "scanner");
	watch_waits(files->watch, WATCH_SCANNER, why, time_monotonic());
}

err intake_scan(struct intake *intake)
{
	const struct files *files = intake->files;
	struct scan found;
	if (!files->scanner)
		return ok();
	if (!may_ask(files)) {
		intake_waits(intake, "scanner");
		return ok();
	}
	TRY(intake_hold(intake));
	int64_t began = time_monotonic();
	scan_clamd(files->scanner, intake->fd, files->scanner_ms, &found);
	bool answers = found.outcome == SCAN_CLEAN || found.outcome == SCAN_FOUND || (found.outcome == SCAN_UNDECIDED && scanner_works(files));
	asked(files, answers, began);
	if (answers)
		watch_answers(files->watch, WATCH_SCANNER, time_monotonic());
	if (found.outcome == SCAN_FOUND)
		found_virus(intake, found.name);
	else if (found.outcome != SCAN_CLEAN)
		no_answer(intake, &found, answers);
	return ok();
}
