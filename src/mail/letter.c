#include "mail/letter.h"

#include "base/limits.h"
#include "base/time.h"
#include "domain/definition/office.h"
#include "domain/definition/procedure.h"
#include "domain/portal.h"
#include "mail/message.h"
#include "render/templates.h"

/* What a template's view is filled from. */
struct letter {
	struct cx *cx;
	const struct outbox_mail *mail;
	struct page page;
	struct str service;
	struct str base;
};

static struct str value(const struct letter *l, const char *name)
{
	return outbox_value(l->mail, str_of(name));
}

/* 0: not given. */
static int64_t instant(const struct outbox_mail *mail, const char *name)
{
	int64_t at;

	return str_to_i64(outbox_value(mail, str_of(name)), &at) ? at : 0;
}

static struct str procedure_title(const struct letter *l)
{
	struct str id = value(l, "procedure");
	const struct procedure *procedure = catalogue_find(l->cx->portal->catalogue, id);

	return procedure ? text_plain(&procedure->title, l->page.locale) : id;
}

static struct str office_name(const struct letter *l)
{
	struct str code = value(l, "office");
	const struct choice *office =
		code.n ? office_find(l->cx->portal->catalogue, code, 0) : NULL;

	return office ? text_plain(&office->label, l->page.locale) : code;
}

static void write_registration(struct buf *out, const struct letter *l)
{
	tmpl_mail_registration(out, &l->page,
		&(struct view_mail_registration){.service = l->service,
			.base = l->base,
			.token = value(l, "token"),
			.until = instant(l->mail, "expires_at")});
}

static void write_registration_known(struct buf *out, const struct letter *l)
{
	tmpl_mail_registration_known(out, &l->page,
		&(struct view_mail_registration_known){.service = l->service, .base = l->base});
}

static void write_registered(struct buf *out, const struct letter *l)
{
	tmpl_mail_registered(out, &l->page,
		&(struct view_mail_registered){
			.service = l->service, .base = l->base, .user_id = value(l, "user_id")});
}

static void write_locked(struct buf *out, const struct letter *l)
{
	int64_t locked = instant(l->mail, "until_at");

	tmpl_mail_locked(out, &l->page,
		&(struct view_mail_locked){.service = l->service,
			.base = l->base,
			.token = value(l, "token"),
			.locked = locked == INT64_MAX ? 0 : locked, /* it does not end by itself */
			.until = instant(l->mail, "expires_at")});
}

static void write_forgot_id(struct buf *out, const struct letter *l)
{
	tmpl_mail_forgot_id(out, &l->page,
		&(struct view_mail_forgot_id){
			.service = l->service, .base = l->base, .user_id = value(l, "user_id")});
}

static void write_forgot_unknown(struct buf *out, const struct letter *l)
{
	tmpl_mail_forgot_unknown(out, &l->page,
		&(struct view_mail_forgot_unknown){.service = l->service, .base = l->base});
}

static void write_reset(struct buf *out, const struct letter *l)
{
	tmpl_mail_reset(out, &l->page,
		&(struct view_mail_reset){.service = l->service,
			.base = l->base,
			.token = value(l, "token"),
			.until = instant(l->mail, "expires_at")});
}

static void write_password_changed(struct buf *out, const struct letter *l)
{
	tmpl_mail_password_changed(out, &l->page,
		&(struct view_mail_password_changed){.service = l->service,
			.base = l->base,
			.changed = instant(l->mail, "changed_at")});
}

static void write_application_received(struct buf *out, const struct letter *l)
{
	tmpl_mail_application_received(out, &l->page,
		&(struct view_mail_application_received){.base = l->base,
			.received = instant(l->mail, "submitted_at"),
			.procedure = procedure_title(l),
			.name = value(l, "name"),
			.reference = value(l, "reference"),
			.temporary_no = value(l, "temporary_no"),
			.office = office_name(l)});
}

static int32_t last_day(const struct letter *l)
{
	int64_t date;

	return str_to_i64(value(l, "last_on"), &date) && date > 0 && date <= 99991231
		       ? (int32_t)date
		       : 0;
}

static void write_draft_expiring(struct buf *out, const struct letter *l)
{
	tmpl_mail_draft_expiring(out, &l->page,
		&(struct view_mail_draft_expiring){.base = l->base,
			.procedure = procedure_title(l),
			.draft = value(l, "draft"),
			.last = last_day(l)});
}

static void write_card_linked(struct buf *out, const struct letter *l)
{
	tmpl_mail_card_linked(out, &l->page,
		&(struct view_mail_card_linked){.service = l->service,
			.base = l->base,
			.changed = instant(l->mail, "changed_at")});
}

static void write_card_replaced(struct buf *out, const struct letter *l)
{
	tmpl_mail_card_replaced(out, &l->page,
		&(struct view_mail_card_replaced){.service = l->service,
			.base = l->base,
			.changed = instant(l->mail, "changed_at")});
}

static void write_card_unlinked(struct buf *out, const struct letter *l)
{
	tmpl_mail_card_unlinked(out, &l->page,
		&(struct view_mail_card_unlinked){.service = l->service,
			.base = l->base,
			.changed = instant(l->mail, "changed_at")});
}

static void write_application_returned(struct buf *out, const struct letter *l)
{
	tmpl_mail_application_returned(out, &l->page,
		&(struct view_mail_application_returned){.base = l->base,
			.procedure = procedure_title(l),
			.reference = value(l, "reference"),
			.note = value(l, "note")});
}

static void write_application_again(struct buf *out, const struct letter *l)
{
	tmpl_mail_application_again(out, &l->page,
		&(struct view_mail_application_again){.base = l->base,
			.procedure = procedure_title(l),
			.reference = value(l, "reference"),
			.at = instant(l->mail, "submitted_at")});
}

static void write_usage_accepted(struct buf *out, const struct letter *l)
{
	tmpl_mail_usage_accepted(out, &l->page,
		&(struct view_mail_usage_accepted){.base = l->base,
			.decided = instant(l->mail, "decided_at"),
			.reference = value(l, "reference"),
			.note = value(l, "note"),
			.last = last_day(l)});
}

static void write_usage_refused(struct buf *out, const struct letter *l)
{
	tmpl_mail_usage_refused(out, &l->page,
		&(struct view_mail_usage_refused){.base = l->base,
			.decided = instant(l->mail, "decided_at"),
			.reference = value(l, "reference"),
			.note = value(l, "note")});
}

static void write_usage_expiring(struct buf *out, const struct letter *l)
{
	tmpl_mail_usage_expiring(out, &l->page,
		&(struct view_mail_usage_expiring){.base = l->base,
			.procedure = value(l, "procedure"),
			.title = procedure_title(l),
			.reference = value(l, "reference"),
			.last = last_day(l)});
}

static void write_card_ending(struct buf *out, const struct letter *l)
{
	tmpl_mail_card_ending(out, &l->page, &(struct view_mail_card_ending){.base = l->base, .last = last_day(l)});
}

static const struct {
	enum msg subject;
	void (*write)(struct buf *out, const struct letter *l);
} kinds[MAIL_TEMPLATE_COUNT] = {
	[MAIL_REGISTRATION] = {MSG_mail_registration_subject, write_registration},
	[MAIL_REGISTRATION_KNOWN] = {MSG_mail_registration_known_subject, write_registration_known},
	[MAIL_REGISTERED] = {MSG_mail_registered_subject, write_registered},
	[MAIL_LOCKED] = {MSG_mail_locked_subject, write_locked},
	[MAIL_FORGOT_ID] = {MSG_mail_forgot_id_subject, write_forgot_id},
	[MAIL_FORGOT_UNKNOWN] = {MSG_mail_forgot_unknown_subject, write_forgot_unknown},
	[MAIL_RESET] = {MSG_mail_reset_subject, write_reset},
	[MAIL_PASSWORD_CHANGED] = {MSG_mail_password_changed_subject, write_password_changed},
	[MAIL_APPLICATION_RECEIVED] = {MSG_mail_application_received_subject,
		write_application_received},
	[MAIL_DRAFT_EXPIRING] = {MSG_mail_draft_expiring_subject, write_draft_expiring},
	[MAIL_CARD_LINKED] = {MSG_mail_card_linked_subject, write_card_linked},
	[MAIL_CARD_REPLACED] = {MSG_mail_card_replaced_subject, write_card_replaced},
	[MAIL_CARD_UNLINKED] = {MSG_mail_card_unlinked_subject, write_card_unlinked},
	[MAIL_APPLICATION_RETURNED] = {MSG_mail_application_returned_subject, write_application_returned},
	[MAIL_APPLICATION_AGAIN] = {MSG_mail_application_again_subject, write_application_again},
	[MAIL_USAGE_ACCEPTED] = {MSG_mail_usage_accepted_subject, write_usage_accepted},
	[MAIL_USAGE_REFUSED] = {MSG_mail_usage_refused_subject, write_usage_refused},
	[MAIL_USAGE_EXPIRING] = {MSG_mail_usage_expiring_subject, write_usage_expiring},
	[MAIL_CARD_ENDING] = {MSG_mail_card_ending_subject, write_card_ending},
};

static struct letter letter_in(
	struct cx *cx, const struct outbox_mail *mail, const struct locale *locale)
{
	const struct settings *settings = &cx->portal->settings;

	return (struct letter){
		.cx = cx,
		.mail = mail,
		.page = {.locale = locale},
		.service = settings->service_name[locale->lang],
		.base = settings->base_url,
	};
}

static void write_text(
	struct buf *out, const struct letter *l, const struct letter_contact *contact)
{
	kinds[l->mail->template].write(out, l);
	tmpl_mail_footer(out, &l->page,
		&(struct view_mail_footer){.service = l->service,
			.base = l->base,
			.phone = contact->phone,
			.hours = contact->hours[l->page.locale->lang],
			.email = contact->email});
}

static struct str subject(const struct letter *l)
{
	struct buf last;

	buf_init(&last, l->cx->arena, 100);
	date_write(&last, l->page.locale, last_day(l));
	const struct msg_arg args[] = {
		{STR("service"), l->service},
		{STR("reference"), value(l, "reference")},
		{STR("last"), buf_view(&last)},
	};

	return msg_text(l->cx->arena, l->page.locale, kinds[l->mail->template].subject, args,
		sizeof(args) / sizeof(args[0]));
}

err letter_write(struct cx *cx, const struct letter_contact *contact,
	const struct outbox_mail *mail, struct str *out)
{
	const struct locale *japanese = locale_get(LANG_JA, false);
	const struct locale *own = locale_find(mail->lang, false);
	struct letter first = letter_in(cx, mail, own ? own : japanese);
	struct buf text, message;

	buf_init(&text, cx->arena, LIMIT_MAIL);
	write_text(&text, &first, contact);
	if (first.page.locale != japanese) {
		struct letter second = letter_in(cx, mail, japanese);
		buf_lit(&text,
			"\n\n----------------------------------------------------------------\n\n");
		write_text(&text, &second, contact);
	}
	TRY(buf_error(&text));
	buf_init(&message, cx->arena, LIMIT_MAIL);
	TRY(mail_write(
		&message, &(struct mail){
				  .from_name = first.service,
				  .from = cx->portal->settings.mail_from,
				  .to = mail->recipient,
				  .subject = subject(&first),
				  .text = buf_view(&text),
				  .message_id = mail->message_id,
				  .languages = first.page.locale == japanese
						       ? STR("ja")
						       : str_fmt(cx->arena, STR_FMT ", ja",
								 STR_ARG(first.page.locale->tag)),
				  .at = mail->created_at,
			  }));
	*out = buf_view(&message);
	return ok();
}

int64_t letter_link_until(const struct outbox_mail *mail)
{
	/* A lock's notice is worth sending without its link. */
	return mail->template == MAIL_LOCKED ? 0 : instant(mail, "expires_at");
}

int64_t letter_good_until(const struct outbox_mail *mail)
{
	int64_t five_days = mail->created_at + 5 * TIME_DAY;
	int64_t link_until = letter_link_until(mail);

	return link_until && link_until < five_days ? link_until : five_days;
}
