#include "cmd/start.h"

#include "base/limits.h"
#include "base/time.h"
#include "cmd/provider.h"
#include "crypto/digest.h"
#include "crypto/init.h"
#include "domain/postal.h"
#include "domain/search/search.h"
#include "net/init.h"

#include <sys/stat.h>

static struct store_conf store_conf_of(const struct conf *conf)
{
	return (struct store_conf){
		.url = conf->database,
		.readers = (unsigned)conf->database_readers,
		.writers = (unsigned)conf->database_writers,
		.cache_kib = (unsigned)(conf->database_cache / 1024),
	};
}

/* One secret in the folder of data; every key is derived from it for its one purpose. */
static enum exit_code load_keys(struct start *start)
{
	struct installation_key key = {.name = STR("master.key"), .open = installation_master_open};
	uint8_t master[KEY_BYTES];
	enum exit_code code = start_key_load(start, &key, master);

	if (code != EXIT_DONE)
		return code;
	hmac_sha256(key.bytes, STR("personal data at rest"), start->data_key.bytes);
	hmac_sha256(key.bytes, STR("forms of the web"), start->web_key);
	return start_key_hold(start, &key);
}

static enum exit_code load_procedures(struct start *start)
{
	struct definition_problems problems = {0};
	const char *folder = str_c(start->program->arena, start->program->conf.procedures);

	buf_init(&problems.text, start->program->arena, LIMIT_PAGE);
	err e = catalogue_read(&start->frozen, folder, &problems, &start->catalogue);

	if (!failed(e))
		e = search_index_make(&start->frozen, &start->catalogue, folder, &problems, &start->portal.search);
	if (!failed(e))
		return EXIT_DONE;
	if (problems.n > 0)
		fprintf(stderr, STR_FMT, STR_ARG(buf_view(&problems.text)));
	else
		program_complain("procedures", e);
	return e.code == ERR_INVALID ? EXIT_DATA : program_exit_of(e);
}

/* Without the file there is no Address Search, and the log says so. */
static void load_postal(struct start *start)
{
	struct str file = start->program->conf.postal_codes;

	if (str_empty(file))
		return;
	if (failed(postal_open(str_c(start->program->arena, file), &start->postal)))
		start->postal = NULL;
	if (!start->postal)
		log_event(LOG_WARN, "no_postal_codes", LOG_C("detail", err_detail()));
}

static void fill_settings(struct start *start)
{
	const struct conf *conf = &start->program->conf;
	struct settings *settings = &start->portal.settings;

	settings_init(settings);
	settings->base_url = conf->base_url;
	settings->service_name[LANG_JA] = conf->service_name_ja;
	settings->service_name[LANG_EN] = conf->service_name_en;
	settings->mail_from = conf->mail_from;
	settings->session_idle_ms = conf->session_idle;
	settings->session_total_ms = conf->session_total;
	settings->registration_link_ms = conf->registration_hours * TIME_HOUR;
	settings->reset_link_ms = conf->reset_hours * TIME_HOUR;
	settings->draft_keep_ms = conf->draft_days * TIME_DAY;
	settings->oidc_on = conf->oidc_issuer.n > 0;
	settings->selfinfo_on = conf->tax_auth_url.n > 0;
	settings->login = conf->login_policy == CONF_LOGIN_DELAYS ? login_policy_delays : login_policy_manual;
	settings->login.free_tries = conf->login_tries;
	if (conf->login_policy == CONF_LOGIN_MANUAL)
		settings->login.first_ms = settings->login.longest_ms = conf->lock_hours * TIME_HOUR;
}

/* The key of our requests, which apps know us by: beside the master key, and made like it at the first start. */
static err load_card_key(struct start *start)
{
	const char *path = start_path(start, STR("card.key"));
	AUTO_JWS_KEY struct jws_key *fresh = NULL;
	err e = jws_key_load(path, &start->card_key);

	if (e.code != ERR_NOT_FOUND)
		return e;
	TRY(jws_key_new(&fresh));
	TRY(jws_key_save(fresh, path));
	return jws_key_load(path, &start->card_key);
}

/* With production's policy this verifies real people's signatures, which the law lets only few do. */
static void tell_standing(const struct conf *conf)
{
	if (conf->card_policy != ANCHORS_PRODUCTION)
		return;
	fprintf(stderr, "madoguchi: card_policy is production. To verify the certificates of real My Number Cards the operator must be a\n"
			"madoguchi: signature verifier under the JPKI Act (an administrative body under its article 17, or designated). The software\n"
			"madoguchi: does not give this standing; without it, set card_policy = simulation or leave card_anchors empty.\n");
	log_event(LOG_WARN, "card_policy_production", LOG_STR("anchors", conf->card_anchors));
}

static enum exit_code load_cards(struct start *start)
{
	const struct conf *conf = &start->program->conf;
	struct settings *settings = &start->portal.settings;
	struct anchors_conf anchors_conf = {
		.folder = str_c(start->program->arena, conf->card_anchors),
		.policy = conf->card_policy,
		.p384 = conf->card_p384,
	};

	settings->card_bindback = conf->card_bindback;
	settings->card_app_name = conf->card_app_name;
	settings->card_rp = conf->card_rp;
	if (str_empty(conf->card_anchors))
		return EXIT_DONE;
	err e = load_card_key(start);

	if (failed(e)) {
		program_complain("card.key", e);
		return program_exit_of(e);
	}
	e = anchors_load(&anchors_conf, &start->anchors);
	if (failed(e)) {
		program_complain("card_anchors", e);
		return e.code == ERR_INVALID || e.code == ERR_NOT_FOUND ? EXIT_CONFIG : program_exit_of(e);
	}
	settings->card_on = true;
	start->cardlink = (struct cardlink){.key = start->card_key, .anchors = start->anchors, .responder = {.url = conf->card_ocsp_url}};
	tell_standing(conf);
	log_event(LOG_INFO, "cards", LOG_I64("auth_roots", (int64_t)anchors_count(start->anchors, CARD_AUTH)),
		LOG_I64("sign_roots", (int64_t)anchors_count(start->anchors, CARD_SIGN)),
		LOG_STR("key", jws_thumbprint(start->program->arena, start->card_key)));
	return EXIT_DONE;
}

/* A schema or a database that does not fit needs a person: it is not tried again. */
static enum exit_code store_exit_of(err e)
{
	return e.code == ERR_CONFLICT ? EXIT_CONFIG : program_exit_of(e);
}

static enum exit_code open_store(struct start *start)
{
	struct store_conf conf = store_conf_of(&start->program->conf);
	int version = 0;

	if (start->mode == START_MIGRATE) {
		err e = store_migrate(&conf, &version);

		if (failed(e)) {
			program_complain("the database's schema", e);
			return store_exit_of(e);
		}
	}
	err e = store_open(&conf, &start->store);

	if (failed(e)) {
		program_complain("the database", e);
		return store_exit_of(e);
	}
	return EXIT_DONE;
}

const char *start_path(const struct start *start, struct str name)
{
	struct arena *arena = start->program->arena;

	return str_c(arena, str_fmt(arena, STR_FMT "/" STR_FMT, STR_ARG(start->program->conf.data), STR_ARG(name)));
}

enum exit_code start_portal(struct program *program, enum start_mode mode, struct start *out)
{
	enum exit_code code;

	memset(out, 0, sizeof *out);
	out->program = program;
	out->mode = mode;
	out->portal.key = &out->data_key;
	arena_init(&out->frozen, LIMIT_STARTUP_ARENA);
	numbers_init(&out->numbers);
	log_set_level(program->conf.log_level);
	if (failed(crypto_init()) || failed(net_init())) {
		fprintf(stderr, "madoguchi: the libraries of cryptography and of the network do not start\n");
		return EXIT_SOFTWARE;
	}
	if ((code = load_procedures(out)) != EXIT_DONE || (code = program_data(program)) != EXIT_DONE ||
		(code = open_store(out)) != EXIT_DONE || (code = load_keys(out)) != EXIT_DONE)
		return code;
	load_postal(out);
	fill_settings(out);
	if ((code = load_cards(out)) != EXIT_DONE)
		return code;
	out->portal.catalogue = &out->catalogue;
	out->portal.numbers = &out->numbers;
	out->archive = archive_new();
	out->portal.archive = out->archive;
	out->portal.postal = out->postal;
	arena_freeze(&out->frozen);
	return EXIT_DONE;
}

enum exit_code start_providers(struct start *start)
{
	enum exit_code code = provider_oidc(start, &start->oidc);

	return code == EXIT_DONE ? provider_selfinfo(start, &start->selfinfo) : code;
}

void start_release(struct start *start)
{
	store_close(start->store);
	archive_free(start->archive);
	postal_close(start->postal);
	numbers_release(&start->numbers);
	anchors_free(start->anchors);
	jws_key_free(start->card_key);
	oidc_free(start->oidc);
	selfinfo_free(start->selfinfo);
	arena_release(&start->frozen);
}

struct cx start_cx(const struct start *start, struct arena *arena, enum actor_kind kind)
{
	return (struct cx){
		.arena = arena,
		.store = start->store,
		.portal = &start->portal,
		.locale = locale_get(LANG_JA, false),
		.actor = {.kind = kind},
		.now = time_now(),
		.request_id = STR("command"),
	};
}
