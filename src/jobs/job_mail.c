#include "jobs/worker.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "domain/outbox.h"
#include "domain/portal.h"
#include "mail/file.h"
#include "mail/letter.h"

/* Mails: claim → letter → relay or file → say how it ended. */

/* What stands in last_error of a mail whose final dot got no answer: it may have arrived. */
#define UNSURE "unsure: "

err mail_worker_init(struct worker *worker)
{
	return worker->shared->conf.relay.relay.n
		       ? smtp_new(&worker->shared->conf.relay, &worker->smtp)
		       : ok();
}

void mail_worker_release(struct worker *worker)
{
	smtp_free(worker->smtp);
	worker->smtp = NULL;
}

static err renew(struct worker *worker)
{
	AUTO_ARENA arena;
	struct cx cx = {
		.arena = &arena,
		.store = worker->shared->conf.store,
		.portal = worker->shared->conf.portal,
		.actor = {.kind = ACTOR_JOB},
		.now = time_now(),
	};

	arena_init(&arena, LIMIT_REQUEST_ARENA);
	return outbox_renew(&cx, worker->row_id, str_of(worker->owner), worker->shared->lease_ms);
}

/* ---- the relay's health ---- */

static bool relay_rests(struct shared *shared)
{
	pthread_mutex_lock(&shared->relay_lock);
	bool rests = time_monotonic() < shared->relay_again_at;
	pthread_mutex_unlock(&shared->relay_lock);
	return rests;
}

/* Answers how long nobody tries. */
static int64_t relay_failed(struct shared *shared)
{
	pthread_mutex_lock(&shared->relay_lock);
	/* Several threads may learn of the same fault: it counts once. */
	int64_t now = time_monotonic();
	if (now >= shared->relay_again_at)
		shared->relay_again_at =
			now + backoff_ms(&shared->relay_backoff, ++shared->relay_failures);
	int64_t rest = shared->relay_again_at - now;
	pthread_mutex_unlock(&shared->relay_lock);
	return rest;
}

static void relay_answered(struct shared *shared)
{
	pthread_mutex_lock(&shared->relay_lock);
	shared->relay_failures = 0;
	shared->relay_again_at = 0;
	pthread_mutex_unlock(&shared->relay_lock);
}

/* The relay, or our login there, and not this mail: before MAIL, "closing" (421), "authentication
 * required". */
static bool blames_relay(const struct smtp_answer *answer)
{
	return answer->verdict == MAIL_TRY_LATER &&
	       (answer->step <= SMTP_HELLO || answer->code == 421 ||
		       (answer->code >= 530 && answer->code <= 538));
}

/* ---- how it ended ---- */

struct ending {
	struct str owner;
	const struct outbox_mail *mail;
	enum mail_verdict verdict;
	int64_t wait_ms;
	struct str reason;
};

static err say(struct cx *cx, void *arg)
{
	const struct ending *ending = arg;

	switch (ending->verdict) {
	case MAIL_SENT:
		return outbox_sent(cx, ending->mail->id, ending->owner);
	case MAIL_TRY_LATER:
		return outbox_later(cx, ending->mail->id, ending->owner, cx->now + ending->wait_ms,
			ending->reason);
	default:
		return outbox_failed(cx, ending->mail->id, ending->owner, ending->reason);
	}
}

static void log_ending(struct worker *worker, const struct ending *ending)
{
	static const struct {
		enum log_level level;
		const char *event;
	} events[MAIL_VERDICT_COUNT] = {
		[MAIL_SENT] = {LOG_INFO, "mail_sent"},
		[MAIL_TRY_LATER] = {LOG_WARN, "mail_later"},
		[MAIL_REFUSED] = {LOG_ERROR, "mail_failed"},
	};
	_Atomic uint64_t *const counters[MAIL_VERDICT_COUNT] = {
		[MAIL_SENT] = &worker->shared->sent,
		[MAIL_TRY_LATER] = &worker->shared->later,
		[MAIL_REFUSED] = &worker->shared->failed,
	};

	atomic_fetch_add(counters[ending->verdict], 1);
	log_event(events[ending->verdict].level, events[ending->verdict].event,
		LOG_I64("mail", ending->mail->id),
		LOG_STR("template", mail_template_names[ending->mail->template]),
		LOG_I64("attempt", ending->mail->attempts + 1), LOG_I64("wait_ms", ending->wait_ms),
		LOG_STR("reason", ending->reason));
}

static void finish(struct worker *worker, struct cx *cx, struct ending *ending)
{
	err settled = worker_settle(worker, cx, say, ending);

	if (!failed(settled)) {
		log_ending(worker, ending);
		return;
	}
	atomic_fetch_add(&worker->shared->lost, 1);
	log_event(LOG_WARN, "mail_lease_lost", LOG_I64("mail", ending->mail->id),
		LOG_C("error", err_name(settled.code)), LOG_C("detail", err_detail()));
}

/* TRY_LATER becomes REFUSED when there is no use in trying again. */
static void decide_later(struct worker *worker, struct cx *cx, const struct smtp_answer *answer,
	struct ending *ending)
{
	const struct outbox_mail *mail = ending->mail;
	bool was_unsure = str_starts(mail->last_error, STR(UNSURE));
	struct str reason = str_of(answer->reason);

	if (!answer->code && !answer->unsure && bell_stopped_at(&worker->shared->bell))
		ending->wait_ms = 0; /* we broke off ourselves */
	else if (blames_relay(answer))
		ending->wait_ms = relay_failed(worker->shared);
	else
		ending->wait_ms = backoff_ms(&worker->shared->mail_backoff, mail->attempts + 1);
	if (was_unsure || answer->unsure)
		reason = str_fmt(cx->arena, UNSURE STR_FMT, STR_ARG(reason));
	if (answer->unsure && was_unsure) {
		ending->verdict = MAIL_REFUSED;
		reason = str_fmt(cx->arena, STR_FMT " twice", STR_ARG(reason));
	} else if (cx->now + ending->wait_ms >= letter_good_until(mail)) {
		ending->verdict = MAIL_REFUSED;
		reason = str_fmt(cx->arena, "gave up: " STR_FMT, STR_ARG(reason));
	}
	ending->reason = reason;
}

/* ---- sending ---- */

static void to_file(struct worker *worker, struct cx *cx, const struct outbox_mail *mail,
	struct str message, struct smtp_answer *answer)
{
	err written = mail_file_write(
		cx->arena, worker->shared->conf.mail_folder, mail->created_at, mail->id, message);

	*answer = (struct smtp_answer){.verdict = failed(written) ? MAIL_TRY_LATER : MAIL_SENT};
	if (failed(written))
		snprintf(answer->reason, sizeof(answer->reason), "%s", err_detail());
}

/* Nobody should be sent a link that is dead already: after the relay was away for long, say. */
static bool is_late(const struct cx *cx, const struct outbox_mail *mail)
{
	int64_t until = letter_link_until(mail);

	return until && cx->now >= until;
}

static void give_up(struct worker *worker, struct cx *cx, struct ending *ending, struct str reason)
{
	ending->verdict = MAIL_REFUSED;
	ending->reason = reason;
	finish(worker, cx, ending);
}

static void send_mail(struct worker *worker, struct cx *cx, const struct outbox_mail *mail)
{
	struct ending ending = {.owner = str_of(worker->owner), .mail = mail};
	struct smtp_answer answer;
	struct str message;

	if (is_late(cx, mail)) {
		give_up(worker, cx, &ending, STR("expired before sending"));
		return;
	}
	err written = letter_write(cx, &worker->shared->conf.contact, mail, &message);
	/* Reading must not span the talk with the relay: the database would keep what it saw all
	 * the time. */
	cx_end(cx);
	if (failed(written)) {
		give_up(worker, cx, &ending, str_fmt(cx->arena, "not written: %s", err_detail()));
		return;
	}
	if (worker->smtp)
		smtp_send(worker->smtp, cx->portal->settings.mail_from, mail->recipient, message,
			worker_keep, worker, &answer);
	else
		to_file(worker, cx, mail, message, &answer);
	cx->now = time_now();
	ending.verdict = answer.verdict;
	ending.reason = str_of(answer.reason);
	if (answer.verdict == MAIL_TRY_LATER)
		decide_later(worker, cx, &answer, &ending);
	if (!blames_relay(&answer))
		relay_answered(worker->shared);
	finish(worker, cx, &ending);
}

/* With a lost key none of them opens: one line for all that one round puts aside. Rounds are an hour apart. */
static void tell_aside(struct shared *shared)
{
	int64_t now = time_monotonic(), told = atomic_load(&shared->aside_told_at);

	if ((told == 0 || now - told > TIME_HOUR / 2) && atomic_compare_exchange_strong(&shared->aside_told_at, &told, now))
		log_event(LOG_ERROR, "mail_aside", LOG_C("detail", err_detail()));
}

/* True: there was something, look again. */
static bool claim_failed(struct worker *worker, err why)
{
	if (why.code == ERR_INVALID)
		tell_aside(worker->shared);
	else if (why.code != ERR_NOT_FOUND)
		log_event(LOG_ERROR, "mail_claim", LOG_C("error", err_name(why.code)), LOG_C("detail", err_detail()));
	return why.code == ERR_INVALID;
}

bool mail_step(struct worker *worker)
{
	struct cx cx = worker_cx(worker);
	struct outbox_mail mail;
	bool due = false;

	if (relay_rests(worker->shared))
		return false;
	/* Looking is cheap; a claim is a write transaction. */
	err looked = outbox_due(&cx, &due);
	cx_end(&cx);
	if (failed(looked)) {
		log_event(LOG_ERROR, "mail_queue", LOG_C("error", err_name(looked.code)), LOG_C("detail", err_detail()));
		return false;
	}
	if (!due) {
		if (worker->smtp)
			smtp_close(worker->smtp);
		return false;
	}
	err claimed = outbox_claim(&cx, str_of(worker->owner), worker->shared->lease_ms, &mail);
	if (failed(claimed))
		return claim_failed(worker, claimed);
	worker_holds(worker, mail.id, renew);
	send_mail(worker, &cx, &mail);
	return true;
}
