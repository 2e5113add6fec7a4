#ifndef CMD_CONF_H
#define CMD_CONF_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "crypto/anchors.h"
#include "domain/portal.h"
#include "net/smtp.h"

/*
 * The settings of the programs, from three sources; the later one wins:
 *
 *   1. the default of the table in conf_table.c
 *   2. the configuration file, then the files conf.d/NAME.conf beside it, by their names
 *   3. --key=value on the command line
 *
 * A file has lines "key = value", empty lines, and lines that begin with '#'. A value is everything
 * between the '=' and the end of the line without the blanks at both ends: there are no quotes and
 * no escapes. The manual page madoguchi.conf(5) tells the forms of values; a test holds it, and
 * packaging/madoguchi.conf, to the table.
 *
 * Whatever is wrong is told, all of it and not only the first: one line each, "file:line: key:
 * words". Wrong are an unknown key, a key twice in one file, a value of the wrong form or out of
 * range, a secret on the command line or in a file that others can read. conf_check adds what only
 * this machine knows: folders, files and their modes.
 *
 * A struct conf is complete after conf_read and constant afterwards; any thread may read it. Its
 * texts live in the arena.
 */

enum conf_login { CONF_LOGIN_MANUAL, CONF_LOGIN_DELAYS, CONF_LOGIN_COUNT };

struct conf_list {
	const struct str *v;
	size_t n;
};

#define CONF_KEYS_MAX 64

/* Where a value comes from: file NULL and line 0: the default; file NULL and line 1: the command
 * line. */
struct conf_source {
	const char *file;
	unsigned line;
};

struct conf {
	/* Who we are. */
	struct str base_url; /* without '/' at its end */
	struct str service_name_ja;
	struct str service_name_en;
	struct str contact_phone;
	struct str contact_hours_ja;
	struct str contact_hours_en;
	struct str contact_email; /* empty: none */

	/* Where things are. */
	struct str data;         /* folder */
	struct str database;     /* URL; never empty: made from `data` when not set */
	struct str procedures;   /* folder */
	struct str postal_codes; /* file; empty: no look-up of addresses */

	/* The listener. */
	struct conf_list listen;
	bool trust_proxy;
	int64_t event_threads; /* 0: one per core */
	int64_t workers;
	int64_t database_readers;
	int64_t database_writers;
	int64_t database_cache; /* bytes, of each SQLite connection */
	enum log_level log_level;

	/* Mail. */
	struct str mail_from;
	struct str mail_relay; /* empty: mails become files in data/mail */
	enum smtp_tls mail_tls;
	struct str mail_ca_file; /* empty: the system's certificates */
	struct str mail_user;
	struct str mail_password_file; /* "credential:NAME" is already a path here */
	int64_t mail_threads;

	/* Rules. Durations are milliseconds. */
	int64_t session_idle;
	int64_t session_total;
	enum conf_login login_policy;
	int64_t login_tries;
	int64_t lock_hours;
	int64_t registration_hours;
	int64_t reset_hours;
	int64_t draft_days;

	/* Cards. */
	struct str card_anchors; /* folder; empty: cards are not read */
	enum anchors_policy card_policy;
	bool card_p384;
	struct str card_ocsp_url; /* empty: only the lists of the folder */
	struct str card_app_name;
	struct str card_rp;
	enum card_bindback card_bindback;

	/* Attachments. */
	struct str file_checker;  /* program; empty: beside ours */
	struct str virus_scanner; /* socket of clamd; empty: none */

	/* Other services. */
	struct str oidc_issuer; /* empty: no provider */
	struct str oidc_auth_url, oidc_token_url, oidc_userinfo_url, oidc_jwks_url;
	struct str oidc_client_id, oidc_key_file;
	struct str oidc_acr_values, oidc_scopes;
	struct str tax_auth_url; /* empty: no tax information */
	struct str tax_token_url, tax_request_url, tax_result_url;
	struct str tax_client_id, tax_secret_file; /* as mail_password_file */

	struct conf_source source[CONF_KEYS_MAX]; /* by the place in the table */
	struct str credentials;                   /* folder of the service manager's; empty: none */
};

struct conf_input {
	const char *file;           /* NULL: no file, and no conf.d */
	const char *const *options; /* "--key=value" each */
	size_t option_count;
	const char *credentials; /* folder of "credential:NAME" (systemd's CREDENTIALS_DIRECTORY);
				    NULL: none */
	bool by_hand; /* needs no secrets, so "credential:NAME" may stay as it is */
};

/* What is wrong, one line each. */
struct conf_problems {
	struct buf text;
	size_t n;
};
void conf_problems_init(struct conf_problems *problems, struct arena *arena);

/* INVALID: see problems. NOT_FOUND: the file is not there; UNAVAILABLE: it cannot be read. */
err conf_read(struct arena *arena, const struct conf_input *input, struct conf_problems *problems,
	struct conf *out);

/* The values against this machine: adds to problems. INVALID when anything was added. */
err conf_check(struct arena *arena, const struct conf *conf, struct conf_problems *problems);

/* The bytes of a secret file without a newline at the end. DENIED: others may read it; NOT_FOUND;
 * INVALID: empty, or not one line. */
err conf_read_secret(
	struct arena *arena, const struct conf *conf, struct str path, struct str *out);

/* All values, each after a comment that names its source; passwords are masked. The text is a valid
 * configuration file. */
void conf_dump(struct buf *out, const struct conf *conf);
/* The same for programs: a JSON array of {"key", "value", "source", "default"}. */
void conf_dump_json(struct buf *out, const struct conf *conf);

/* The commented example: every key with its sentence, form and default. It is
 * packaging/madoguchi.conf. */
void conf_write_example(struct buf *out);

/*
 * Takes over from `fresh` the values that may change while the program runs; `restart` gets the
 * names of the others that differ, one a line. Answers how many were taken over. The texts of
 * `fresh` must live as long as `live`.
 */
size_t conf_reload(struct conf *live, const struct conf *fresh, struct buf *restart);

/*
 * What SIGHUP asks for, in the thread that waits for signals: reads the same sources anew, takes
 * over what may change, applies the level of the log, and logs what was done. A configuration with
 * faults changes nothing. The arena must live as long as `live`.
 */
void conf_hangup(struct arena *arena, const struct conf_input *input, struct conf *live);

#endif
