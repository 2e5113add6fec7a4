#include "cmd/conf_table.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/un.h>

/* Values against each other, and against this machine. */

static void complain(
	struct conf_problems *problems, const struct conf *conf, const char *key, const char *words)
{
	conf_problem(
		problems, conf_source_of(conf, conf_key_find(str_of(key))), str_of(key), words);
}

void conf_check_values(const struct conf *conf, struct conf_problems *problems)
{
	bool implicit_tls = str_starts(conf->mail_relay, STR("smtps://"));

	if (conf->session_idle > conf->session_total)
		complain(problems, conf, "session_idle", "must not be longer than session_total");
	if (conf->mail_user.n && !conf->mail_password_file.n)
		complain(problems, conf, "mail_user", "needs mail_password_file");
	if (!conf->mail_user.n && conf->mail_password_file.n)
		complain(problems, conf, "mail_password_file", "needs mail_user");
	if (conf->mail_user.n && !conf->mail_relay.n)
		complain(problems, conf, "mail_user", "needs mail_relay");
	if (conf->mail_tls == SMTP_TLS_NONE && conf->mail_user.n)
		complain(problems, conf, "mail_tls",
			"must be required when there is a mail_user: the password would be sent in "
			"the clear");
	if (conf->mail_tls == SMTP_TLS_NONE && implicit_tls)
		complain(problems, conf, "mail_tls",
			"contradicts mail_relay, which begins with smtps://");
	if (conf->mail_relay.n && str_ends(conf->mail_from, STR("@localhost")))
		complain(problems, conf, "mail_from",
			"must be an address of a real domain when there is a mail_relay");
	if (conf->trust_proxy && str_starts(conf->base_url, STR("http://")))
		complain(problems, conf, "trust_proxy",
			"needs a base_url that begins with https://");
	conf_check_providers(conf, problems);
}

static const char *why(struct arena *arena, struct str path, const char *words)
{
	return str_c(arena, str_fmt(arena, STR_FMT ": %s", STR_ARG(path), words));
}

static void check_folder(struct arena *arena, const struct conf *conf, const char *key,
	struct str path, int mode, struct conf_problems *problems)
{
	const char *name = str_c(arena, path);
	struct stat st;

	if (stat(name, &st) != 0)
		complain(problems, conf, key, why(arena, path, strerror(errno)));
	else if (!S_ISDIR(st.st_mode))
		complain(problems, conf, key, why(arena, path, "is not a folder"));
	else if (access(name, mode) != 0)
		complain(problems, conf, key, why(arena, path, strerror(errno)));
	else if ((mode & W_OK) && (st.st_mode & S_IWOTH))
		complain(problems, conf, key, why(arena, path, "everybody can write to it"));
}

static struct str parent(struct str path)
{
	size_t n = path.n;

	while (n > 1 && path.p[n - 1] != '/')
		n--;
	return str_sub(path, 0, n > 1 ? n - 1 : n);
}

static void check_listen(
	struct arena *arena, const struct conf *conf, struct conf_problems *problems)
{
	for (size_t i = 0; i < conf->listen.n; i++)
		if (str_starts(conf->listen.v[i], STR("unix:")))
			check_folder(arena, conf, "listen", parent(str_skip(conf->listen.v[i], 5)),
				W_OK | X_OK, problems);
}

/* A file that holds the database's password is nobody else's business. */
static void check_database(
	struct arena *arena, const struct conf *conf, struct conf_problems *problems)
{
	const struct conf_source *source = conf_source_of(conf, conf_key_find(STR("database")));
	size_t from, count;
	struct stat st;

	if (str_starts(conf->database, STR("sqlite:")))
		check_folder(arena, conf, "database", parent(str_skip(conf->database, 7)),
			R_OK | W_OK | X_OK, problems);
	else if (source->file && conf_url_secret(conf->database, &from, &count) &&
		 stat(source->file, &st) == 0 && (st.st_mode & 07))
		complain(problems, conf, "database",
			"holds a password, and everybody can read this file; chmod 640 is needed");
}

static void check_mail(struct arena *arena, const struct conf *conf, struct conf_problems *problems)
{
	struct str password;

	if (conf->mail_ca_file.n && access(str_c(arena, conf->mail_ca_file), R_OK) != 0)
		complain(problems, conf, "mail_ca_file",
			why(arena, conf->mail_ca_file, strerror(errno)));
	if (conf->mail_password_file.n &&
		failed(conf_read_secret(arena, conf, conf->mail_password_file, &password)))
		complain(problems, conf, "mail_password_file", str_c(arena, str_of(err_detail())));
}

static void check_secrets(
	struct arena *arena, const struct conf *conf, struct conf_problems *problems)
{
	struct str secret;

	if (conf->oidc_key_file.n && access(str_c(arena, conf->oidc_key_file), R_OK) != 0)
		complain(problems, conf, "oidc_key_file",
			why(arena, conf->oidc_key_file, strerror(errno)));
	if (conf->tax_secret_file.n &&
		failed(conf_read_secret(arena, conf, conf->tax_secret_file, &secret)))
		complain(problems, conf, "tax_secret_file", str_c(arena, str_of(err_detail())));
}

err conf_check(struct arena *arena, const struct conf *conf, struct conf_problems *problems)
{
	size_t before = problems->n;

	check_folder(arena, conf, "data", conf->data, R_OK | W_OK | X_OK, problems);
	check_folder(arena, conf, "procedures", conf->procedures, R_OK | X_OK, problems);
	if (conf->card_anchors.n)
		check_folder(arena, conf, "card_anchors", conf->card_anchors, R_OK | X_OK, problems);
	check_listen(arena, conf, problems);
	check_database(arena, conf, problems);
	check_mail(arena, conf, problems);
	check_secrets(arena, conf, problems);
	return problems->n == before ? ok()
				     : fail(ERR_INVALID, "the configuration has %zu faults",
					       problems->n - before);
}
