#include "identity/cardlink_request.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/random.h"
#include "domain/account/account.h"
#include "domain/identity/identity_words.h"
#include "domain/portal.h"
#include "i18n/locale.h"

#define STATEMENT_MAX 2048

/* The end of the sentence that the card signs: it says for what, so that a reading for one thing is none for another. */
static void text_line(struct buf *out, struct cx *cx, const struct idv_tx *tx)
{
	struct str rp = cx->portal->settings.card_rp;

	buf_fmt(out, "text=I ask " STR_FMT " to read my name, address, date of birth and sex from my card for ",
		STR_ARG(str_starts(rp, STR("rp:")) ? str_skip(rp, 3) : rp));
	switch (tx->purpose) {
	case IDV_USAGE:
		buf_lit(out, "my request for use");
		break;
	case IDV_RELINK:
		buf_lit(out, "linking my new card");
		break;
	default:
		buf_lit(out, "my application");
	}
	if (tx->draft_id != 0)
		buf_fmt(out, " %lld", (long long)tx->draft_id);
	buf_lit(out, ".\n");
}

struct str cardlink_statement(struct cx *cx, const struct idv_tx *tx, struct str app, int64_t until)
{
	const struct settings *settings = &cx->portal->settings;
	char nonce[32];
	struct buf out;

	random_bytes(nonce, sizeof nonce);
	buf_init(&out, cx->arena, STATEMENT_MAX);
	buf_fmt(&out, "CLP1 %s\nrp=" STR_FMT "\norigin=" STR_FMT "\ntx=" STR_FMT "\npurpose=" STR_FMT "\n", tx->op == IDV_AUTH ? "AUTH" : "BASIC4",
		STR_ARG(settings->card_rp), STR_ARG(settings->base_url), STR_ARG(tx->id), STR_ARG(idv_purpose_names[tx->purpose]));
	if (tx->op == IDV_BASIC4)
		text_line(&out, cx, tx);
	buf_lit(&out, "nonce=");
	base64url_write(&out, str_make(nonce, sizeof nonce));
	buf_fmt(&out, "\napp=" STR_FMT "\nexp=%lld\n", STR_ARG(app), (long long)(until / 1000));
	return buf_view(&out);
}

static void member(struct buf *out, const char *name, struct str value)
{
	buf_fmt(out, ",\"%s\":", name);
	json_write_str(out, value);
}

/* What the person sees on the phone: who asks, for which account, from which browser, since when. */
static err display(struct buf *out, struct cx *cx, const struct idv_tx *tx)
{
	struct account account;

	TRY(account_get(cx, tx->account_id, &account));
	buf_lit(out, ",\"display\":{\"title\":{");
	for (size_t i = 0; i < LANG_COUNT; i++) {
		const struct locale *locale = locale_get((enum lang)i, false);
		struct msg_arg args[] = {{STR("service"), cx->portal->settings.service_name[i]}};
		enum msg title = tx->op == IDV_AUTH ? MSG_cardlink_title_auth : MSG_cardlink_title_basic4;

		buf_fmt(out, "%s\"" STR_FMT "\":", i == 0 ? "" : ",", STR_ARG(locale->tag));
		json_write_str(out, msg_text(cx->arena, locale, title, args, 1));
	}
	buf_lit(out, "}");
	member(out, "account", idv_mask_email(cx->arena, account.email));
	if (tx->browser.n > 0)
		member(out, "browser", tx->browser);
	buf_fmt(out, ",\"started\":%lld}", (long long)(tx->created_at / 1000));
	return ok();
}

err cardlink_request(struct cx *cx, const struct cardlink *link, const struct idv_tx *tx, struct str *out)
{
	const struct settings *settings = &cx->portal->settings;
	struct buf json;

	buf_init(&json, cx->arena, LIMIT_JSON);
	buf_lit(&json, "{\"v\":1");
	member(&json, "iss", settings->card_rp);
	member(&json, "origin", settings->base_url);
	member(&json, "tx", tx->id);
	member(&json, "jkt", tx->app);
	buf_fmt(&json, ",\"iat\":%lld,\"exp\":%lld", (long long)(cx->now / 1000), (long long)(tx->expires_at / 1000));
	member(&json, "op", idv_op_names[tx->op]);
	member(&json, "purpose", idv_purpose_names[tx->purpose]);
	buf_c(&json, tx->op == IDV_AUTH ? ",\"cert\":[\"jpki_auth\"]" : ",\"cert\":[\"jpki_sign\",\"card_text\"]");
	buf_c(&json, anchors_p384(link->anchors) ? ",\"algs\":[\"RS256\",\"ES384\"]" : ",\"algs\":[\"RS256\"]");
	TRY(display(&json, cx, tx));
	member(&json, "statement", tx->held);
	buf_fmt(&json, ",\"bindback\":%s}", tx->bindback ? "true" : "false");
	TRY(buf_error(&json));
	return jws_sign(cx->arena, link->key, STR("clp-req+jwt"), jws_thumbprint(cx->arena, link->key), buf_view(&json), out);
}

struct str cardlink_code(struct cx *cx, const struct idv_tx *tx)
{
	return str_fmt(cx->arena, STR_FMT "/q#1." STR_FMT "." STR_FMT, STR_ARG(cx->portal->settings.base_url), STR_ARG(tx->id),
		STR_ARG(idv_claim_secret(cx, tx->id)));
}

struct str cardlink_jwks(struct arena *arena, const struct cardlink *link)
{
	return jws_set_json(arena, &link->key, 1);
}
