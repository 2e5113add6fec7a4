#include "identity/cardlink_check.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"

#include <stdatomic.h>

/* While a responder is away, those who wait for it must not take all workers from everybody else. */
static atomic_uint asking;

static err ask_in_turn(void *arg, struct arena *arena, struct str url, struct str request, struct str *answer)
{
	const struct responder *responder = arg;
	err e;

	if (atomic_fetch_add(&asking, 1) >= LIMIT_OCSP_AT_ONCE)
		e = fail(ERR_UNAVAILABLE, "too many wait for the responder");
	else
		e = (responder->ask ? responder->ask : evidence_ask_http)(responder->arg, arena, url, request, answer);
	atomic_fetch_sub(&asking, 1);
	return e;
}

static err ask_authority(struct cx *cx, const struct cardlink *link, const struct verified *verified, struct revocation *found, enum idv_error *fault)
{
	struct responder own = link->responder;
	struct responder in_turn = {.url = own.url, .ask = ask_in_turn, .arg = &own};
	int64_t began = time_monotonic();
	err e = evidence_revocation(cx->arena, link->anchors, &in_turn, verified, cx->now, found, fault);

	cx->now += time_monotonic() - began;
	return e;
}

/*
 * A renewed card may take the place of the linked one only when that does not count any more. When nobody can say, the question
 * is open, and the new card is refused like any other.
 */
static err old_card(struct cx *cx, const struct cardlink *link, const struct idv_tx *tx, const struct verified *now, bool *revoked)
{
	AUTO_VERIFIED struct verified old = {.method = EVIDENCE_JPKI_AUTH};
	struct card_link linked;
	struct revocation found = {0};
	enum idv_error fault;
	enum card_kind kind;
	struct str der;

	*revoked = false;
	err e = card_link_find_of(cx, tx->account_id, IDV_CARDLINK, &linked);

	if (e.code == ERR_NOT_FOUND)
		return ok();
	TRY(e);
	cx_end(cx); /* no snapshot is held while the network is asked */
	if (str_eq(linked.subject, now->subject))
		return ok();
	if (failed(base64url_read(cx->arena, linked.certificate, &der)) || failed(cert_read(cx->arena, der, &old.cert)) ||
		failed(anchors_issuer(link->anchors, &old.cert, &old.anchor, &kind)))
		return ok();
	TRY(ask_authority(cx, link, &old, &found, &fault));
	*revoked = fault == IDV_ERROR_cert_revoked;
	return ok();
}

static struct str base64url_of(struct arena *arena, struct str bytes)
{
	struct buf out;

	buf_init(&out, arena, 2 * CERT_BYTES_MAX);
	base64url_write(&out, bytes);
	return buf_view(&out);
}

static void result_of(struct cx *cx, const struct verified *verified, struct idv_result *out)
{
	bool auth = verified->method == EVIDENCE_JPKI_AUTH;

	*out = (struct idv_result){
		.assurance = verified->method == EVIDENCE_CARD_TEXT ? IDV_CARD_TEXT_ONLY : IDV_CARD_PKI,
		.has_subject = auth,
		.subject = verified->subject,
		.issuer = verified->issuer,
		.issuer_key = verified->issuer_key,
		.serial = verified->serial,
		.spki = verified->spki,
		.cert = verified->cert_sha256,
		.certificate = auth ? base64url_of(cx->arena, verified->cert.der) : (struct str){0},
		.not_after = verified->not_after,
		.evidence = verified->evidence,
	};
}

err cardlink_check(struct cx *cx, const struct cardlink *link, const struct idv_tx *tx, const struct evidence *said, struct idv_result *out,
	enum idv_error *fault, struct str *why)
{
	AUTO_VERIFIED struct verified verified = {0};
	struct revocation found = {.reason = -1};
	struct idv_result result = {0};

	err_detail_clear();
	TRY(evidence_check(cx->arena, link->anchors, said, cx->now, &verified, fault));
	if (*fault == IDV_ERROR_NONE) {
		result_of(cx, &verified, &result);
		TRY(ask_authority(cx, link, &verified, &found, fault));
	}
	if (*fault == IDV_ERROR_NONE && tx->op == IDV_BASIC4) {
		TRY(evidence_basic4(cx->arena, &verified, &result.basic4, fault));
		result.has_basic4 = *fault == IDV_ERROR_NONE;
	}
	if (*fault == IDV_ERROR_NONE && tx->op == IDV_AUTH && tx->purpose == IDV_RELINK)
		TRY(old_card(cx, link, tx, &verified, &result.old_card_revoked));
	*why = *fault == IDV_ERROR_cert_revoked ? str_fmt(cx->arena, "reason=%s", revocation_reason_name(found.reason))
						: str_fmt(cx->arena, "%s", err_detail());
	*out = result;
	return ok();
}
