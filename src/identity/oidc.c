#include "identity/oidc_inside.h"

#include "base/buf.h"
#include "base/limits.h"

#include <stdlib.h>

/* The relying party itself, and the way there: what the transaction holds, and the address the browser is sent to. */

static void copy_conf(struct oidc *oidc, const struct oidc_conf *conf)
{
	struct oidc_conf *own = &oidc->conf;
	struct str *const texts[] = {
		&own->issuer,
		&own->auth_url,
		&own->token_url,
		&own->userinfo_url,
		&own->jwks_url,
		&own->client_id,
		&own->scopes,
		&own->acr_values,
		&own->redirect_uri,
		&own->key_file,
		&own->ca_file,
	};

	*own = *conf;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = str_dup(&oidc->arena, *texts[i]);
}

err oidc_new(const struct oidc_conf *conf, struct oidc **out)
{
	struct oidc *oidc = calloc(1, sizeof *oidc);

	if (!oidc)
		return fail(ERR_UNAVAILABLE, "no memory");
	arena_init(&oidc->arena, LIMIT_REQUEST_ARENA);
	arena_init(&oidc->keys_arena, LIMIT_REQUEST_ARENA);
	pthread_mutex_init(&oidc->lock, NULL);
	copy_conf(oidc, conf);
	err e = jws_key_load(str_c(&oidc->arena, conf->key_file), &oidc->key);

	if (failed(e)) {
		oidc_free(oidc);
		return e;
	}
	oidc->kid = jws_thumbprint(&oidc->arena, oidc->key);
	*out = oidc;
	return ok();
}

void oidc_free(struct oidc *oidc)
{
	if (!oidc)
		return;
	jws_key_free(oidc->key);
	pthread_mutex_destroy(&oidc->lock);
	arena_release(&oidc->keys_arena);
	arena_release(&oidc->arena);
	free(oidc);
}

struct str oidc_client_keys(struct arena *arena, const struct oidc *oidc)
{
	const struct jws_key *key = oidc->key;

	return jws_set_json(arena, &key, 1);
}

static struct str address(struct arena *arena, const struct oidc *oidc, struct str tx_id, const struct held *held)
{
	const struct oidc_conf *conf = &oidc->conf;
	struct buf out;

	buf_init(&out, arena, LIMIT_FETCH_URL);
	way_there(&out, conf->auth_url, conf->client_id, conf->redirect_uri, tx_id, held);
	parameter_write(&out, "scope", conf->scopes);
	parameter_write(&out, "nonce", held->nonce);
	if (conf->acr_values.n > 0)
		parameter_write(&out, "acr_values", conf->acr_values);
	return buf_view(&out);
}

err oidc_begin(struct cx *cx, const struct oidc *oidc, const struct idv_begin *begin, struct idv_tx *out, struct str *url)
{
	struct idv_begin own = *begin;
	struct held held;

	held_new(cx->arena, &held);
	own.adapter = IDV_OIDC;
	own.op = IDV_BASIC4;
	own.chain = (struct str){0};
	own.held = held_write(cx->arena, &held);
	TRY(idv_begin(cx, &own, out));
	*url = address(cx->arena, oidc, out->id, &held);
	return ok();
}

err oidc_url(struct cx *cx, const struct oidc *oidc, struct str tx_id, struct str *url)
{
	struct held held;
	struct idv_tx tx;

	TRY(idv_require(cx, tx_id, &tx));
	if (tx.adapter != IDV_OIDC)
		return fail(ERR_NOT_FOUND, "another way");
	if (tx.state != IDV_SHOWN)
		return fail(ERR_CONFLICT, "it has come back");
	TRY(idv_get(cx, tx_id, &tx));
	TRY(held_read(tx.held, &held));
	*url = address(cx->arena, oidc, tx_id, &held);
	return ok();
}
