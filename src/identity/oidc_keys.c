#include "identity/oidc_inside.h"

#include "base/limits.h"

/* The provider's keys. One that rotates its keys signs with one that we have not seen: then we look, but not more often than once in OIDC_KEYS_MS. */

/* NOT_FOUND: not among those we know. */
static err known(struct oidc_trip *trip, struct str kid, struct jws_key **out)
{
	const struct json *set;

	if (trip->oidc->keys.n == 0)
		return fail(ERR_NOT_FOUND, "no keys yet");
	TRY(json_read(trip->cx->arena, trip->oidc->keys, NULL, &set));
	return jws_key_of_set(set, kid, out);
}

static err refetch(struct oidc_trip *trip)
{
	struct oidc *oidc = trip->oidc;
	struct fetch request = {.url = oidc->conf.jwks_url};
	const struct json *set;
	struct fetched answer;

	oidc->asked_at = trip->cx->now;
	oidc->away = true;
	TRY(oidc_ask(trip, &request, &answer));
	oidc->away = false;
	if (answer.status != 200)
		return fail(ERR_INVALID, "status %u of the provider's keys", answer.status);
	TRY(oidc_json(trip->cx->arena, &answer, &set));
	arena_reset(&oidc->keys_arena);
	oidc->keys = str_dup(&oidc->keys_arena, answer.body);
	return ok();
}

static err find_locked(struct oidc_trip *trip, struct str kid, struct jws_key **out)
{
	struct oidc *oidc = trip->oidc;
	err e = known(trip, kid, out);

	if (e.code != ERR_NOT_FOUND)
		return e;
	if (oidc->asked_at != 0 && trip->cx->now < oidc->asked_at + OIDC_KEYS_MS)
		return oidc->away ? fail(ERR_UNAVAILABLE, "the provider's keys could not be had a moment ago")
				  : fail(ERR_INVALID, "kid of the ID token is not known");
	TRY(refetch(trip));
	e = known(trip, kid, out);
	return e.code == ERR_NOT_FOUND ? fail(ERR_INVALID, "kid of the ID token is not known") : e;
}

err oidc_key_find(struct oidc_trip *trip, struct str kid, struct jws_key **out)
{
	pthread_mutex_lock(&trip->oidc->lock);
	err e = find_locked(trip, kid, out);

	pthread_mutex_unlock(&trip->oidc->lock);
	return e;
}
