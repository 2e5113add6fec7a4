#include "jobs/jobs.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/time.h"
#include "domain/outbox.h"
#include "jobs/worker.h"
#include "net/init.h"

#include <signal.h>

struct jobs {
	struct shared shared;
	struct arena arena;     /* of the conf's texts */
	struct worker *workers; /* those for mail, then one for each of `rest` that is wanted */
	size_t mail_count, worker_count;
};

static void copy_conf(struct jobs *jobs, const struct jobs_conf *conf)
{
	struct jobs_conf *own = &jobs->shared.conf;
	struct str *const texts[] = {
		&own->contact.phone,
		&own->contact.email,
		&own->contact.hours[LANG_JA],
		&own->contact.hours[LANG_EN],
		&own->mail_folder,
		&own->relay.relay,
		&own->relay.ca_file,
		&own->relay.user,
		&own->relay.password,
		&own->relay.hello,
	};

	*own = *conf;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = str_dup(&jobs->arena, *texts[i]);
}

static void share(struct jobs *jobs, const struct jobs_conf *conf)
{
	struct shared *shared = &jobs->shared;

	copy_conf(jobs, conf);
	bell_init(&shared->bell);
	pthread_mutex_init(&shared->relay_lock, NULL);
	shared->lease_ms = conf->lease_ms ? conf->lease_ms : TIME_MINUTE;
	shared->poll_ms = store_is_local(conf->store) ? TIME_SECOND : 2 * TIME_SECOND;
	shared->mail_backoff = (struct backoff){
		.first_ms = conf->mail_first_ms ? conf->mail_first_ms : TIME_MINUTE,
		.longest_ms = OUTBOX_WAIT_MS};
	shared->relay_backoff = (struct backoff){
		.first_ms = conf->relay_first_ms ? conf->relay_first_ms : 5 * TIME_SECOND,
		.longest_ms = 5 * TIME_MINUTE};
}

static void name_owner(struct worker *worker)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[(sizeof(worker->owner) - 1) / 2];

	random_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		worker->owner[2 * i] = digits[bytes[i] >> 4];
		worker->owner[2 * i + 1] = digits[bytes[i] & 15];
	}
	worker->owner[sizeof(worker->owner) - 1] = '\0';
}

static void *run_mail(void *worker)
{
	worker_loop(worker, mail_step);
	return NULL;
}

static void *run_schedule(void *worker)
{
	worker_loop(worker, schedule_step);
	return NULL;
}

static void *run_tax(void *worker)
{
	worker_loop(worker, tax_step);
	return NULL;
}

static void *run_files(void *worker)
{
	worker_loop(worker, files_step);
	return NULL;
}

static err start_worker(struct jobs *jobs, size_t i, void *(*run)(void *worker))
{
	struct worker *worker = &jobs->workers[i];
	bool mail = run == run_mail;
	sigset_t all, before;

	worker->shared = &jobs->shared;
	worker->listens = mail || run == run_tax;
	arena_init(&worker->arena, LIMIT_REQUEST_ARENA);
	name_owner(worker);
	if (mail)
		TRY(mail_worker_init(worker));
	/* Signals are the main thread's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int refused = pthread_create(&worker->thread, NULL, run, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (refused)
		return fail(
			ERR_UNAVAILABLE, "no thread for background work: %s", strerror(refused));
	worker->started = true;
	return ok();
}

err jobs_start(const struct jobs_conf *conf, struct jobs **out)
{
	TRY(net_init());
	struct jobs *jobs = calloc(1, sizeof(*jobs));
	if (!jobs)
		return fail(ERR_UNAVAILABLE, "no memory");
	arena_init(&jobs->arena, LIMIT_REQUEST_ARENA);
	share(jobs, conf);
	jobs->mail_count = conf->mail_threads ? conf->mail_threads : 1;
	jobs->worker_count = jobs->mail_count + 1 + (conf->selfinfo != NULL) + (conf->files != NULL);
	jobs->workers = arena_array(&jobs->arena, struct worker, jobs->worker_count);
	void *(*const rest[])(void *) = {run_schedule, conf->selfinfo ? run_tax : run_files, run_files};
	for (size_t i = 0; i < jobs->worker_count; i++) {
		err started = start_worker(jobs, i, i < jobs->mail_count ? run_mail : rest[i - jobs->mail_count]);
		if (failed(started)) {
			jobs_stop(jobs);
			return started;
		}
	}
	*out = jobs;
	return ok();
}

void jobs_wake(struct jobs *jobs)
{
	if (jobs)
		bell_ring(&jobs->shared.bell);
}

void jobs_stop(struct jobs *jobs)
{
	if (!jobs)
		return;
	bell_stop(&jobs->shared.bell);
	for (size_t i = 0; i < jobs->worker_count; i++) {
		struct worker *worker = &jobs->workers[i];
		if (worker->started)
			pthread_join(worker->thread, NULL);
		if (worker->shared) {
			mail_worker_release(worker);
			arena_release(&worker->arena);
		}
	}
	pthread_mutex_destroy(&jobs->shared.relay_lock);
	bell_release(&jobs->shared.bell);
	arena_release(&jobs->arena);
	free(jobs);
}

void jobs_stats(struct jobs *jobs, struct jobs_stats *out)
{
	struct shared *shared = &jobs->shared;

	*out = (struct jobs_stats){
		.sent = atomic_load(&shared->sent),
		.later = atomic_load(&shared->later),
		.failed = atomic_load(&shared->failed),
		.lost = atomic_load(&shared->lost),
		.done = atomic_load(&shared->done),
		.broken = atomic_load(&shared->broken),
	};
}
