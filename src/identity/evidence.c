#include "identity/evidence.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "identity/card_names.h"
#include "identity/card_text.h"

static const enum card_kind kinds[] = {
	[EVIDENCE_JPKI_AUTH] = CARD_AUTH,
	[EVIDENCE_JPKI_SIGN] = CARD_SIGN,
};

/* ---- a certificate ---- */

static err check_issuer(const struct anchors *anchors, const struct cert *cert,
	enum card_kind wanted, int64_t now, const struct anchor **anchor, enum idv_error *fault)
{
	enum card_kind kind;
	*fault = IDV_ERROR_cert_untrusted;
	TRY(anchors_issuer(anchors, cert, anchor, &kind));
	/* By whose root it is and by its own policy: both must say what was asked for. */
	*fault = IDV_ERROR_cert_kind;
	if (kind != wanted || !anchors_policy_fits(anchors, cert, wanted))
		return fail(ERR_INVALID, "certificate: of another kind");
	err path = anchors_path(anchors, *anchor, cert, wanted, now);
	*fault = path.code == ERR_DENIED ? IDV_ERROR_cert_expired : IDV_ERROR_cert_untrusted;
	return path;
}

static err check_key(const struct anchors *anchors, const struct cert *cert, enum card_kind kind)
{
	static const unsigned usages[CARD_KIND_COUNT] = {
		[CARD_AUTH] = CERT_DIGITAL_SIGNATURE,
		[CARD_SIGN] = CERT_DIGITAL_SIGNATURE | CERT_NON_REPUDIATION,
	};
	if ((cert->usage & usages[kind]) != usages[kind])
		return fail(ERR_INVALID, "certificate: keyUsage does not allow it");
	return cert_key_check(cert, anchors_p384(anchors));
}

static err check_certificate(struct arena *arena, const struct anchors *anchors,
	const struct evidence *evidence, int64_t now, struct verified *out, enum idv_error *fault)
{
	enum card_kind kind = kinds[evidence->method];
	*fault = IDV_ERROR_cert_malformed;
	TRY(cert_read(arena, evidence->cert, &out->cert));
	TRY(check_issuer(anchors, &out->cert, kind, now, &out->anchor, fault));
	*fault = IDV_ERROR_cert_kind;
	TRY(check_key(anchors, &out->cert, kind));
	*fault = IDV_ERROR_sig_invalid;
	return cert_signed(&out->cert, evidence->alg, evidence->statement, evidence->signature);
}

/* ---- what is kept of it ---- */

static struct str hex(struct arena *arena, struct str bytes)
{
	struct buf out;
	buf_init_room(&out, arena, 2 * bytes.n, 2 * bytes.n);
	hex_write(&out, bytes);
	return buf_view(&out);
}

static struct str hex_digest(struct arena *arena, const uint8_t digest[SHA256_BYTES])
{
	return hex(arena, str_make((const char *)digest, SHA256_BYTES));
}

static void describe(struct arena *arena, struct verified *out)
{
	const struct cert *cert = &out->cert;
	uint8_t subject[SHA256_BYTES];
	AUTO_SHA256 sum = {0};
	sha256_init(&sum);
	sha256_add(&sum, STR("card"));
	sha256_add(&sum, cert->issuer);
	sha256_add(&sum, cert->serial);
	sha256_end(&sum, subject);
	out->subject = hex_digest(arena, subject);
	out->issuer = hex_digest(arena, cert->issuer_sha256);
	out->issuer_key = hex_digest(arena, anchor_spki_sha256(out->anchor));
	out->serial = hex(arena, cert->serial);
	out->spki = hex_digest(arena, cert->spki_sha256);
	out->cert_sha256 = hex_digest(arena, cert->sha256);
	out->not_after = cert->not_after;
}

/* Each part with its length before it, so that bytes cannot move from one to the next. */
static struct str digest_of(struct arena *arena, const struct evidence *evidence)
{
	static const char *const names[EVIDENCE_METHOD_COUNT] = {
		[EVIDENCE_JPKI_AUTH] = "jpki_auth",
		[EVIDENCE_JPKI_SIGN] = "jpki_sign",
		[EVIDENCE_CARD_TEXT] = "card_text",
	};
	const struct str parts[] = {
		str_of(names[evidence->method]),
		evidence->statement,
		evidence->signature,
		evidence->cert,
		evidence->ef0002,
		evidence->ef0003,
		evidence->ef0004,
		evidence->ef0007,
	};
	uint8_t digest[SHA256_BYTES];
	AUTO_SHA256 sum = {0};
	sha256_init(&sum);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		sha256_add(&sum, str_fmt(arena, "%zu:", parts[i].n));
		sha256_add(&sum, parts[i]);
	}
	sha256_end(&sum, digest);
	return hex_digest(arena, digest);
}

/* ---- the steps ---- */

/* What has to do with the card is the fault; the rest stays an error. */
static err settle(err checked, enum idv_error *fault)
{
	if (!failed(checked))
		*fault = IDV_ERROR_NONE;
	else if (checked.code == ERR_UNAVAILABLE || checked.code == ERR_INTERNAL)
		return checked;
	return ok();
}

err evidence_check(struct arena *arena, const struct anchors *anchors,
	const struct evidence *evidence, int64_t now, struct verified *out, enum idv_error *fault)
{
	AUTO_VERIFIED struct verified verified = {.method = evidence->method};
	err checked;
	if (evidence->method == EVIDENCE_CARD_TEXT) {
		checked = card_text_check(anchors, evidence, fault);
		verified.ef0002 = evidence->ef0002;
	} else {
		checked = check_certificate(arena, anchors, evidence, now, &verified, fault);
	}
	TRY(settle(checked, fault));
	if (*fault != IDV_ERROR_NONE)
		return ok();
	if (verified.anchor)
		describe(arena, &verified);
	verified.evidence = digest_of(arena, evidence);
	*out = verified;
	out->cert = cert_take(&verified.cert);
	return ok();
}

void verified_release(struct verified *verified)
{
	cert_release(&verified->cert);
}

err evidence_basic4(struct arena *arena, const struct verified *verified, struct basic4 *out,
	enum idv_error *fault)
{
	struct basic4 read;
	err done;
	*fault = IDV_ERROR_basic4_malformed;
	switch (verified->method) {
	case EVIDENCE_JPKI_SIGN:
		done = card_names_basic4(verified->cert.alt_names, &read);
		break;
	case EVIDENCE_CARD_TEXT:
		done = card_text_basic4(verified->ef0002, &read);
		break;
	default:
		*fault = IDV_ERROR_cert_kind;
		done = fail(ERR_INVALID, "certificate: for user authentication has no items");
	}
	TRY(settle(done, fault));
	if (*fault != IDV_ERROR_NONE)
		return ok();
	read.name = str_dup(arena, read.name);
	read.address = str_dup(arena, read.address);
	read.name_subst = str_dup(arena, read.name_subst);
	read.address_subst = str_dup(arena, read.address_subst);
	*out = read;
	return ok();
}
