#include "web/idv_view.h"

#include "base/encode.h"
#include "base/time.h"
#include "identity/cardlink.h"
#include "web/url.h"
#include "web/view_text.h"

_Static_assert(IDV_CODE_DIGITS == 4 && IDV_CODE_TRIES == 3 && IDV_BEGUN_MOST == 5 && IDV_BEGUN_MS == 15 * TIME_MINUTE && CARDLINK_SKEW_S == 120,
	"texts of po/ say these numbers: id.code_…, idv_error.code_mismatch_…, too_many_codes_…, bad_time_…");

const struct idv_words idv_words[IDV_ERROR_COUNT] = {
	[IDV_ERROR_NONE] = {MSG_idv_error_internal_title, MSG_idv_error_internal_detail, MSG_idv_error_internal_next},
#define X(name, status, retry, state) \
	[IDV_ERROR_##name] = {MSG_idv_error_##name##_title, MSG_idv_error_##name##_detail, MSG_idv_error_##name##_next},
#include "domain/identity/idv_errors.def"
#undef X
};

enum idv_error idv_reason(const struct idv_tx *tx)
{
	if (tx->error != IDV_ERROR_NONE)
		return tx->error;
	if (tx->state == IDV_EXPIRED)
		return IDV_ERROR_expired;
	return tx->state == IDV_CANCELLED ? IDV_ERROR_cancelled : IDV_ERROR_internal;
}

enum msg idv_title(const struct idv_tx *tx)
{
	static const enum msg titles[IDV_OP_COUNT] = {
		[IDV_AUTH] = MSG_id_title_auth,
		[IDV_BASIC4] = MSG_id_title_basic4,
		[IDV_TAX] = MSG_id_title_tax,
	};

	return titles[tx->op];
}

static enum msg waiting_of(const struct idv_tx *tx)
{
	if (tx->adapter != IDV_CARDLINK)
		return MSG_id_waiting_other;
	return tx->op == IDV_AUTH ? MSG_id_waiting_auth : MSG_id_waiting_basic4;
}

static enum msg done_of(const struct idv_tx *tx)
{
	if (tx->adapter != IDV_CARDLINK)
		return MSG_id_done_other;
	return tx->op == IDV_AUTH ? MSG_id_done_auth : MSG_id_done_basic4;
}

static enum msg line_of(const struct idv_tx *tx)
{
	static const enum msg told[IDV_PHONE_COUNT] = {
		[IDV_PHONE_NONE] = MSG_id_connected,
		[IDV_PHONE_PIN_WRONG] = MSG_id_pin_wrong,
		[IDV_PHONE_CARD_UNREADABLE] = MSG_id_card_unreadable,
		[IDV_PHONE_WRONG_CARD] = MSG_id_wrong_card,
		[IDV_PHONE_NO_SIGN_CERT] = MSG_id_no_sign_cert,
	};

	switch (tx->state) {
	case IDV_CLAIMED:
		return told[tx->phone_event];
	case IDV_VERIFYING:
		return tx->adapter == IDV_CARDLINK ? MSG_id_verifying : MSG_id_waiting_other;
	case IDV_AWAIT_CODE:
		return MSG_id_await_code;
	case IDV_DONE:
		return done_of(tx);
	case IDV_FAILED:
	case IDV_EXPIRED:
	case IDV_CANCELLED:
		return idv_words[idv_reason(tx)].title;
	default:
		return waiting_of(tx);
	}
}

static struct msg_arg tries_of(struct exchange *ex, const struct idv_tx *tx)
{
	return (struct msg_arg){STR("count"), str_fmt(ex->cx.arena, "%u", tx->phone_tries)};
}

struct html idv_line(struct exchange *ex, const struct idv_tx *tx)
{
	struct msg_arg count = tries_of(ex, tx);

	return view_msg_args(ex, line_of(tx), &count, 1);
}

int64_t idv_seconds_left(const struct exchange *ex, const struct idv_tx *tx)
{
	return tx->expires_at > ex->cx.now ? (tx->expires_at - ex->cx.now + 999) / 1000 : 0;
}

/* "name":{"ja":…,"en":…}, so that a phone or a script may show it in its own language. */
static void write_both(struct exchange *ex, struct buf *out, const char *name, enum msg msg, const struct msg_arg *args, size_t count)
{
	buf_fmt(out, "\"%s\":{", name);
	for (size_t lang = 0; lang < LANG_COUNT; lang++) {
		const struct locale *locale = locale_get((enum lang)lang, false);

		buf_fmt(out, "%s\"" STR_FMT "\":", lang > 0 ? "," : "", STR_ARG(locale->tag));
		json_write_str(out, msg_text(ex->cx.arena, locale, msg, args, count));
	}
	buf_byte(out, '}');
}

static void write_error(struct exchange *ex, struct buf *out, enum idv_error error)
{
	buf_lit(out, "\"error\":{\"code\":");
	json_write_str(out, idv_errors[error].name);
	buf_byte(out, ',');
	write_both(ex, out, "title", idv_words[error].title, NULL, 0);
	buf_byte(out, ',');
	write_both(ex, out, "detail", idv_words[error].detail, NULL, 0);
	buf_fmt(out, ",\"retry\":%s}", idv_errors[error].retry == IDV_RETRY_NO ? "false" : "true");
}

void idv_json_error(struct exchange *ex, struct buf *out, enum idv_error error)
{
	buf_byte(out, '{');
	write_error(ex, out, error);
	buf_byte(out, '}');
}

void idv_json(struct exchange *ex, struct buf *out, const struct idv_tx *tx, unsigned interval)
{
	struct msg_arg count = tries_of(ex, tx);
	bool over = idv_over(tx->state);

	buf_lit(out, "{\"tx\":");
	json_write_str(out, tx->id);
	buf_fmt(out, ",\"seq\":%lld,\"state\":", (long long)tx->seq);
	json_write_str(out, idv_state_names[tx->state]);
	buf_fmt(out, ",\"expires_in\":%lld,\"interval\":%u,\"phone\":", over ? 0LL : (long long)idv_seconds_left(ex, tx), interval);
	if (tx->phone_label.n > 0) {
		buf_lit(out, "{\"label\":");
		json_write_str(out, tx->phone_label);
		buf_byte(out, '}');
	} else {
		buf_lit(out, "null");
	}
	buf_byte(out, ',');
	write_both(ex, out, "message", line_of(tx), &count, 1);
	buf_fmt(out, ",\"need\":%s,\"next\":", tx->state == IDV_AWAIT_CODE ? "\"code\"" : "null");
	if (tx->state == IDV_DONE)
		json_write_str(out, tx->next);
	else
		buf_lit(out, "null");
	buf_byte(out, ',');
	if (over && tx->state != IDV_DONE)
		write_error(ex, out, idv_reason(tx));
	else
		buf_lit(out, "\"error\":null");
	buf_byte(out, '}');
}
