#include "cmd/background.h"

#include "base/limits.h"
#include "i18n/locale.h"

static enum exit_code read_password(struct start *start, struct smtp_conf *relay)
{
	const struct conf *conf = &start->program->conf;

	if (str_empty(conf->mail_password_file))
		return EXIT_DONE;
	err e = conf_read_secret(start->program->arena, conf, conf->mail_password_file, &relay->password);

	if (!failed(e))
		return EXIT_DONE;
	program_complain("mail_password_file", e);
	return EXIT_CONFIG;
}

/* Mails have no readings. */
static struct str hours_in_mails(struct arena *arena, struct str hours)
{
	struct buf out;

	buf_init(&out, arena, LIMIT_CONF_LINE);
	ruby_write_plain(&out, hours);
	return buf_view(&out);
}

enum exit_code background_start(struct start *start, struct jobs **out)
{
	const struct conf *conf = &start->program->conf;
	struct jobs_conf jobs = {
		.store = start->store,
		.portal = &start->portal,
		.contact = {
			.phone = conf->contact_phone,
			.hours = {
				[LANG_JA] = hours_in_mails(start->program->arena, conf->contact_hours_ja),
				[LANG_EN] = hours_in_mails(start->program->arena, conf->contact_hours_en),
			},
			.email = conf->contact_email,
		},
		.relay = {
			.relay = conf->mail_relay,
			.user = conf->mail_user,
			.ca_file = conf->mail_ca_file,
			.tls = conf->mail_tls,
		},
		.mail_folder = str_fmt(start->program->arena, STR_FMT "/mail", STR_ARG(conf->data)),
		.mail_threads = (unsigned)conf->mail_threads,
		.files = start->with_files ? &start->files : NULL,
		.selfinfo = start->selfinfo,
	};
	enum exit_code code = read_password(start, &jobs.relay);

	if (code != EXIT_DONE)
		return code;
	err e = jobs_start(&jobs, out);

	if (!failed(e))
		return EXIT_DONE;
	program_complain("background work", e);
	return EXIT_OS;
}
