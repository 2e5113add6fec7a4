#include "identity/evidence.h"

#include "base/random.h"
#include "base/time.h"
#include "crypto/crl.h"
#include "crypto/ocsp.h"
#include "net/fetch.h"

err evidence_ask_http(
	void *arg, struct arena *arena, struct str url, struct str request, struct str *answer)
{
	(void)arg;
	const struct fetch_header headers[] = {
		{STR("Content-Type"), OCSP_REQUEST_TYPE},
		{STR("Accept"), OCSP_ANSWER_TYPE},
	};
	struct fetch post = {
		.url = url,
		.headers = headers,
		.header_count = sizeof headers / sizeof headers[0],
		.body = request,
		.connect_ms = EVIDENCE_TRY_MS,
		.total_ms = EVIDENCE_TRY_MS,
	};
	struct fetched got;
	TRY(fetch(&post, arena, &got));
	if (got.status != 200 || !str_eq(fetched_type(arena, &got), OCSP_ANSWER_TYPE))
		return fail(ERR_UNAVAILABLE, "responder: status %u, or another type", got.status);
	*answer = got.body;
	return ok();
}

/* One request with a nonce of its own. The clock goes on while it is under way. */
static err try_once(struct arena *arena, const struct responder *responder,
	const struct verified *verified, int64_t now, struct revocation *found)
{
	char bytes[OCSP_NONCE_BYTES];
	struct str nonce = str_make(bytes, sizeof bytes), request, answer;
	int64_t began = time_monotonic();
	evidence_ask_fn *ask = responder->ask ? responder->ask : evidence_ask_http;
	random_bytes(bytes, sizeof bytes);
	TRY(ocsp_request(arena, verified->anchor, &verified->cert, nonce, &request));
	TRY(ask(responder->arg, arena, responder->url, request, &answer));
	return ocsp_judge(verified->anchor, &verified->cert, nonce, answer,
		now + (time_monotonic() - began), found);
}

/* Every error is one more reason to ask elsewhere. */
static err ask_all(struct arena *arena, const struct anchors *anchors,
	const struct responder *responder, const struct verified *verified, int64_t now,
	struct revocation *found)
{
	int64_t began = time_monotonic();
	for (int i = 0; i < EVIDENCE_TRIES && responder->url.n; i++)
		if (!failed(try_once(
			    arena, responder, verified, now + (time_monotonic() - began), found)))
			return ok();
	return crl_check(anchors, verified->anchor, &verified->cert,
		now + (time_monotonic() - began), found);
}

err evidence_revocation(struct arena *arena, const struct anchors *anchors,
	const struct responder *responder, const struct verified *verified, int64_t now,
	struct revocation *found, enum idv_error *fault)
{
	struct revocation said = {.status = REVOCATION_GOOD, .reason = -1};
	if (verified->anchor && failed(ask_all(arena, anchors, responder, verified, now, &said))) {
		*fault = IDV_ERROR_revocation_unavailable;
		return ok();
	}
	switch (said.status) {
	case REVOCATION_GOOD:
		*fault = IDV_ERROR_NONE;
		break;
	case REVOCATION_REVOKED:
		*fault = IDV_ERROR_cert_revoked;
		break;
	default:
		*fault = IDV_ERROR_revocation_unavailable;
		err_describe("responder: knows no such certificate");
	}
	*found = said;
	return ok();
}
