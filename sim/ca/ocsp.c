#include "sim/ca/ocsp.h"

#include "base/time.h"
#include "sim/ca/asked.h"
#include "sim/ca/cert.h"
#include "sim/ca/folder.h"
#include "sim/ca/index.h"

#define STALE_FOR TIME_HOUR
#define GARBAGE STR("This is no OCSP response. \x30\x82\x7f\xff\x0a\x01\x00")

struct answer {
	const struct asked *asked;
	const struct index *index;
	enum ocsp_mode mode;
	int64_t this_update, next_update;
};

/* thisUpdate and nextUpdate, as GeneralizedTime. */
static err generalized(int64_t at, ASN1_TIME **out)
{
	AUTO_SSL(time) ASN1_TIME *time = NULL;
	TRY(ssl_time(at, &time));
	*out = ASN1_TIME_to_generalizedtime(time, NULL);
	NEED(*out);
	return ok();
}

static err add_status(OCSP_BASICRESP *basic, OCSP_CERTID *id, const struct answer *answer,
	const struct ca_entry *entry)
{
	AUTO_SSL(time) ASN1_TIME *this = NULL;
	AUTO_SSL(time) ASN1_TIME *next = NULL;
	AUTO_SSL(time) ASN1_TIME *revoked = NULL;
	int status = V_OCSP_CERTSTATUS_UNKNOWN, reason = OCSP_REVOKED_STATUS_NOSTATUS;
	TRY(generalized(answer->this_update, &this));
	TRY(generalized(answer->next_update, &next));
	if (entry && entry->revoked) {
		status = V_OCSP_CERTSTATUS_REVOKED;
		reason = (int)entry->reason;
		TRY(generalized(entry->revoked_at, &revoked));
	} else if (entry) {
		status = V_OCSP_CERTSTATUS_GOOD;
	}
	NEED(OCSP_basic_add1_status(basic, id, status, reason, revoked, this, next));
	return ok();
}

/* The certificate of that number, when this root has issued it. */
static const struct ca_entry *entry_of(const struct answer *answer, const struct asked_cert *cert)
{
	const struct ca_entry *entry = index_find(answer->index, cert->serial);
	bool ours = entry && entry->kind == answer->asked->kind &&
		    entry->root == answer->asked->root && answer->mode != OCSP_UNKNOWN;
	return ours ? entry : NULL;
}

/* A number that was not asked for, and "good" for it. */
static err add_other(OCSP_BASICRESP *basic, OCSP_CERTID *id, const struct answer *answer)
{
	OCSP_CERTID *other = OCSP_CERTID_dup(id);
	ASN1_INTEGER *serial = NULL;
	err made = ok();
	if (!other || OCSP_id_get0_info(NULL, NULL, NULL, &serial, other) != 1 ||
		ASN1_INTEGER_set_uint64(serial, cert_serial()) != 1)
		made = ssl_error(__func__);
	if (!failed(made))
		made = add_status(basic, other, answer, &(struct ca_entry){.revoked = false});
	OCSP_CERTID_free(other);
	return made;
}

static err add_all(OCSP_BASICRESP *basic, const struct answer *answer)
{
	for (size_t i = 0; i < answer->asked->n; i++) {
		const struct asked_cert *cert = &answer->asked->v[i];
		if (answer->mode == OCSP_WRONG_CERTID)
			TRY(add_other(basic, cert->id, answer));
		else
			TRY(add_status(basic, cert->id, answer, entry_of(answer, cert)));
	}
	if (answer->asked->has_nonce && answer->mode != OCSP_NO_NONCE)
		NEED(OCSP_copy_nonce(basic, answer->asked->request) == 1);
	return ok();
}

static err find_signer(const struct ca *ca, struct arena *arena, const struct asked *asked,
	enum ocsp_mode mode, int64_t now, struct signer *out)
{
	enum ca_kind other = asked->kind == CA_AUTH ? CA_SIGN : CA_AUTH;
	if (mode == OCSP_WRONG_SIGNER)
		return responder_load(ca, arena, other, asked->root, out);
	AUTO_SIGNER found = {0};
	TRY(responder_load(ca, arena, asked->kind, asked->root, &found));
	if (mode == OCSP_WRONG_DELEGATE) {
		AUTO_SIGNER root = {0};
		struct term term = {now - TIME_DAY, now + TIME_DAY};
		TRY(root_load(ca, arena, asked->kind, asked->root, &root));
		X509_free(found.cert);
		found.cert = NULL;
		TRY(cert_responder(
			asked->kind, &root, found.key, cert_serial(), term, false, &found.cert));
	}
	*out = found;
	found = (struct signer){0};
	return ok();
}

static err sign(OCSP_BASICRESP *basic, const struct signer *by, int64_t now)
{
	/* OpenSSL would take the clock for producedAt. It lets nobody set another time, but the
	 * field is in this structure of ours, so it may be written to through a pointer that is not
	 * const. */
	const ASN1_GENERALIZEDTIME *field = OCSP_resp_get0_produced_at(basic);
	ASN1_GENERALIZEDTIME *produced;
	memcpy(&produced, &field, sizeof produced);
	NEED(ASN1_GENERALIZEDTIME_set(produced, (time_t)(now / TIME_SECOND)));
	NEED(OCSP_basic_sign(basic, by->cert, by->key, EVP_sha256(), NULL,
		     OCSP_RESPID_KEY | OCSP_NOTIME) == 1);
	return ok();
}

static err write_response(struct arena *arena, int status, OCSP_BASICRESP *basic, struct str *out)
{
	AUTO_SSL(response) OCSP_RESPONSE *response = OCSP_response_create(status, basic);
	NEED(response);
	unsigned char *bytes = NULL;
	int n = i2d_OCSP_RESPONSE(response, &bytes);
	return ssl_der(arena, bytes, n, out);
}

static err answer_asked(const struct ca *ca, struct arena *arena, const struct asked *asked,
	enum ocsp_mode mode, int64_t now, struct str *out)
{
	AUTO_ARENA work;
	arena_init(&work, FOLDER_WORK);
	AUTO_SIGNER signer = {0};
	AUTO_SSL(basic) OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	struct index index;
	NEED(basic);
	TRY(index_read(ca, &work, &index));
	int64_t end = mode == OCSP_STALE ? now - STALE_FOR : now + OCSP_VALID_MS;
	const struct answer answer = {asked, &index, mode, end - OCSP_VALID_MS, end};
	TRY(add_all(basic, &answer));
	TRY(find_signer(ca, &work, asked, mode, now, &signer));
	TRY(sign(basic, &signer, answer.this_update));
	return write_response(arena, OCSP_RESPONSE_STATUS_SUCCESSFUL, basic, out);
}

err ocsp_answer(const struct ca *ca, struct arena *arena, struct str request, enum ocsp_mode mode,
	int64_t now, struct str *out)
{
	if (mode == OCSP_GARBAGE) {
		*out = GARBAGE;
		return ok();
	}
	if (mode == OCSP_TRY_LATER)
		return write_response(arena, OCSP_RESPONSE_STATUS_TRYLATER, NULL, out);
	AUTO_ASKED asked = {0};
	err read = asked_read(ca, arena, request, &asked);
	if (read.code == ERR_INVALID || read.code == ERR_LIMIT)
		return write_response(arena, OCSP_RESPONSE_STATUS_MALFORMEDREQUEST, NULL, out);
	if (read.code == ERR_DENIED)
		return write_response(arena, OCSP_RESPONSE_STATUS_UNAUTHORIZED, NULL, out);
	TRY(read);
	return answer_asked(ca, arena, &asked, mode, now, out);
}
