#include "sim/phone/commands.h"
#include "sim/phone/exits.h"
#include "sim/phone/home.h"
#include "sim/phone/link.h"
#include "sim/phone/qr.h"

/*
 * Pinning a portal. What an app store would ship with the app is asked from the portal itself here,
 * once, by whoever sets the phone up; --thumbprint says which key it must be.
 */

static bool wanted(const struct options *options, struct str thumbprint)
{
	return !options->thumbprint || str_eq(thumbprint, str_of(options->thumbprint));
}

static err read_keys(struct arena *arena, const struct options *options, const struct json *set,
	struct party *party)
{
	const struct json *list;
	TRY(json_list(set, STR("keys"), &list));
	for (size_t i = 0; i < list->items.n && party->key_count < PARTY_KEYS_MOST; i++) {
		AUTO_JWS_KEY struct jws_key *key = NULL;
		if (failed(jws_key_public(&list->items.v[i], &key)))
			continue;
		struct str thumbprint = jws_thumbprint(arena, key);
		if (wanted(options, thumbprint))
			party->keys[party->key_count++] = thumbprint;
	}
	return party->key_count > 0 ? ok() : fail(ERR_UNAVAILABLE, "the portal has no such key");
}

static err pin(struct arena *arena, struct home *home, struct party *party)
{
	TRY(parties_put(&home->parties, party));
	return parties_write(arena, home->dir, &home->parties);
}

int command_trust(struct arena *arena, struct options *options)
{
	AUTO_HOME home = {0};
	struct reply reply;
	if (!options->target || !options->id || !qr_is_origin(str_of(options->target))) {
		fprintf(stderr,
			"simphone: trust ORIGIN --id rp:NAME; https, or http on this machine\n");
		return EXIT_USAGE;
	}
	struct party party = {.id = str_of(options->id), .origin = str_of(options->target)};
	const struct link link = {
		.origin = party.origin, .ca_file = str_of(options->ca_file), .total_ms = 10000};
	err e = home_open(arena, options->home, &home);
	if (failed(e))
		return complain(e);
	enum ending ending = link_get(arena, &link, STR("/.well-known/cardlink-jwks.json"), &reply);
	if (ending != ENDING_NONE) {
		fprintf(stderr, "simphone: %s: %s\n", options->target, ending_name(ending));
		return EXIT_UNAVAILABLE;
	}
	e = read_keys(arena, options, reply.json, &party);
	if (!failed(e))
		e = pin(arena, &home, &party);
	if (failed(e))
		return complain(e);
	for (size_t i = 0; i < party.key_count; i++)
		printf("pinned\t%s " STR_FMT "\n", options->target, STR_ARG(party.keys[i]));
	return EXIT_DONE;
}

int command_tampers(struct arena *arena, struct options *options)
{
	(void)arena;
	(void)options;
	for (enum tamper_kind kind = TAMPER_NONE + 1; kind < TAMPER_COUNT; kind++)
		printf("%s\t%s\t%s\n", tamper_word(kind), ending_name(tamper_answer(kind)),
			tamper_words(kind));
	return EXIT_DONE;
}
