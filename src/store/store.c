#include "store/engine.h"
#include "base/random.h"

#include <stdatomic.h>

/* The public functions, as far as they are the same for both engines. */

#define DEFAULT_READERS 8
#define DEFAULT_WRITERS 8
#define DEFAULT_CACHE_KIB 2048
#define MEMORY_MAX                                                                       \
	(16u << 20) /* connections' tables of statements: a few bytes for each query and \
		       connection */

static const struct engine *const engines[] = {&engine_sqlite, &engine_pg};

err engine_find(struct str url, const struct engine **out)
{
	for (size_t i = 0; i < sizeof engines / sizeof *engines; i++)
		for (const char *const *prefix = engines[i]->url_prefixes; *prefix; prefix++)
			if (str_starts(url, str_of(*prefix)) && url.n > strlen(*prefix) &&
				!memchr(url.p, 0, url.n)) {
				*out = engines[i];
				return ok();
			}
	return fail(ERR_INVALID, "the database is named sqlite:/path/to/file.db or postgresql://…");
}

struct str engine_path(struct str url)
{
	return str_starts(url, STR("sqlite:")) ? str_skip(url, 7) : url;
}

void backoff_wait(unsigned n)
{
	unsigned ms = 1u << (n < 6 ? n : 6);
	struct timespec pause = {.tv_nsec = (long)(ms * 500000u + random_below(ms * 500000u))};
	nanosleep(&pause, NULL);
}

err version_check(int version)
{
	int wanted = (int)sql_catalog.migration_count;
	if (version == 0)
		return fail(ERR_CONFLICT, "the database has no schema yet: run 'admin migrate'");
	if (version < wanted)
		return fail(ERR_CONFLICT,
			"the schema has version %d, this program needs %d: run 'admin migrate'",
			version, wanted);
	if (version > wanted)
		return fail(ERR_CONFLICT,
			"the schema has version %d, newer than this program's %d: use the newer "
			"program",
			version, wanted);
	return ok();
}

static err open_engine(struct store *store)
{
	int version = 0;
	TRY(store->engine->open(store));
	TRY(store->engine->version(store, &version));
	return version_check(version);
}

err store_open(const struct store_conf *conf, struct store **out)
{
	const struct engine *engine;
	TRY(engine_find(conf->url, &engine));
	struct store *store = calloc(1, sizeof *store);
	if (!store)
		return fail(ERR_UNAVAILABLE, "no memory for the store");
	arena_init(&store->memory, MEMORY_MAX);
	store->engine = engine;
	store->conf = (struct store_conf){
		.url = str_dup(&store->memory, conf->url),
		.readers = conf->readers ? conf->readers : DEFAULT_READERS,
		.writers = conf->writers ? conf->writers : DEFAULT_WRITERS,
		.cache_kib = conf->cache_kib ? conf->cache_kib : DEFAULT_CACHE_KIB,
		.rehearse = conf->rehearse,
	};
	err result = open_engine(store);
	if (failed(result))
		store_close(store);
	else
		*out = store;
	return result;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	store->engine->close(store);
	arena_release(&store->memory);
	free(store);
}

void store_cleanup(struct store **store)
{
	store_close(*store);
	*store = NULL;
}

err store_migrate_to(const struct store_conf *conf, int to, int *out_version)
{
	const struct engine *engine;
	TRY(engine_find(conf->url, &engine));
	return engine->migrate(conf, to, out_version);
}

err store_migrate(const struct store_conf *conf, int *out_version)
{
	return store_migrate_to(conf, (int)sql_catalog.migration_count, out_version);
}

bool store_is_local(const struct store *store)
{
	return store->engine->local;
}

err store_begin_read(struct store *store, struct arena *arena, struct tx **out)
{
	struct tx *tx = arena_new(arena, struct tx);
	*tx = (struct tx){.store = store, .arena = arena, .mode = TX_READ};
	TRY(store->engine->begin_read(tx));
	*out = tx;
	return ok();
}

void store_end_read(struct tx *tx)
{
	if (!tx || !tx->store)
		return;
	tx->store->engine->end_read(tx);
	tx->lost =
		err_make(ERR_INTERNAL); /* a query after the end is a defect, and answered as one */
}

static err run_read(struct store *store, struct arena *arena, tx_fn *fn, void *arg)
{
	struct tx *tx;
	TRY(store_begin_read(store, arena, &tx));
	err result = fn(tx, arg);
	if (!failed(result) && failed(tx->lost))
		result = fail(tx->lost.code, "a query of the transaction has failed");
	store_end_read(tx);
	return result;
}

err store_run(struct store *store, enum tx_mode mode, struct arena *arena, tx_fn *fn, void *arg)
{
	return mode == TX_READ ? run_read(store, arena, fn, arg)
			       : store->engine->write(store, arena, fn, arg);
}

void store_stats(const struct store *store, struct store_stats *out)
{
	*out = (struct store_stats){
		.commits = atomic_load(&store->commits),
		.writes = atomic_load(&store->writes),
		.repeats = atomic_load(&store->repeats),
		.queries = atomic_load(&store->queries),
		.waiting = atomic_load(&store->waiting),
	};
}

static err prepare_all(struct tx *tx, void *arg)
{
	(void)arg;
	for (size_t i = 0; i < sql_catalog.query_count; i++)
		TRY(tx->store->engine->prepare(tx, &sql_catalog.queries[i]));
	return ok();
}

err store_prepare_all(struct store *store, struct arena *arena)
{
	return store_run(store, TX_WRITE, arena, prepare_all, NULL);
}
