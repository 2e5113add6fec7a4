#include "base/buf.h"
#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "sim/phone/tamper.h"

#include <errno.h>
#include <pthread.h>

#define RACERS 8
#define HUGE_BYTES (80u << 10)
#define LATE_CLAIM_S 185

static void sleep_seconds(int64_t seconds)
{
	struct timespec left = {.tv_sec = seconds > 0 ? seconds : 0};
	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

/* The same payload under another header: unsigned, or with an HMAC of what everybody may know. */
static struct str resigned(
	struct arena *arena, const struct letter *letter, struct str body, bool hmac)
{
	uint8_t mac[SHA256_BYTES];
	struct buf out;
	ptrdiff_t dot = str_find_byte(body, '.');
	struct str rest = str_skip(body, (size_t)dot + 1);
	struct str payload = str_sub(rest, 0, (size_t)str_find_byte(rest, '.'));
	struct str header =
		str_fmt(arena, "{\"alg\":\"%s\",\"typ\":\"clp+jwt\",\"kid\":\"" STR_FMT "\"}",
			hmac ? "HS256" : "none", STR_ARG(letter->kid));
	buf_init(&out, arena, 2 * LIMIT_JWS);
	base64url_write(&out, header);
	buf_byte(&out, '.');
	buf_str(&out, payload);
	if (hmac) {
		hmac_sha256(jws_public_json(arena, letter->key), buf_view(&out), mac);
		buf_byte(&out, '.');
		base64url_write(&out, str_make((const char *)mac, sizeof mac));
	} else {
		buf_byte(&out, '.');
	}
	return buf_view(&out);
}

/* One bit of the signature, not one of the last character's that mean nothing. */
static struct str jws_flipped(struct arena *arena, struct str body)
{
	char *copy = arena_alloc(arena, body.n);
	memcpy(copy, body.p, body.n);
	char *at = copy + body.n - 10;
	*at = *at == 'A' ? 'B' : 'A';
	return str_make(copy, body.n);
}

static struct str swollen(struct arena *arena, struct str body)
{
	char *copy = arena_alloc(arena, HUGE_BYTES);
	memset(copy, 'A', HUGE_BYTES);
	memcpy(copy, body.p, body.n);
	return str_make(copy, HUGE_BYTES);
}

/* Another message of the same app: with another jti, or the same and another time. */
static struct str another(struct arena *arena, const struct letter *letter, bool same_jti)
{
	struct letter next = *letter;
	struct str body;
	if (same_jti)
		next.iat++;
	else
		next.jti = letter_jti(arena);
	return failed(letter_write(arena, &next, &body)) ? STR("") : body;
}

struct racer {
	pthread_t thread;
	struct arena arena;
	const struct link *link;
	struct str path, body;
	struct reply reply;
	enum ending ending;
};

static void *run(void *arg)
{
	struct racer *racer = arg;
	racer->ending =
		link_post(&racer->arena, racer->link, racer->path, racer->body, &racer->reply);
	return NULL;
}

/* The one that was taken is answered for all; a hostile phone would do the same. */
static enum ending race(struct tamper *tamper, struct arena *arena, const struct link *link,
	const struct letter *letter, struct reply *reply)
{
	struct racer racers[RACERS] = {0};
	struct str winner = {0};
	enum ending ending = ENDING_no_connection;
	for (size_t i = 0; i < RACERS; i++) {
		racers[i].link = link;
		racers[i].path = letter->htu;
		racers[i].body = another(arena, letter, false);
		arena_init(&racers[i].arena, 1u << 20);
		if (pthread_create(&racers[i].thread, NULL, run, &racers[i]) == 0)
			tamper->answers++;
		else
			racers[i].link = NULL;
	}
	for (size_t i = 0; i < RACERS; i++) {
		if (racers[i].link)
			(void)pthread_join(racers[i].thread, NULL);
		bool good = racers[i].link && racers[i].ending == ENDING_NONE;
		if (racers[i].link && ending != ENDING_NONE)
			ending = racers[i].ending;
		if (good && tamper->good++ == 0)
			winner = racers[i].body;
		arena_release(&racers[i].arena);
	}
	/* What the winner was answered is asked for again: its memory is gone. */
	return str_absent(winner) ? ending : link_post(arena, link, letter->htu, winner, reply);
}

static enum ending send_submit(struct tamper *tamper, struct arena *arena, const struct link *link,
	struct letter *letter, struct str body, struct reply *reply)
{
	struct reply first;
	struct str path = letter->htu;
	switch (tamper->kind) {
	case TAMPER_alg_none:
		body = resigned(arena, letter, body, false);
		break;
	case TAMPER_hs256:
		body = resigned(arena, letter, body, true);
		break;
	case TAMPER_jws:
		body = jws_flipped(arena, body);
		break;
	case TAMPER_huge:
		body = swollen(arena, body);
		break;
	case TAMPER_htu:
		/* The message says /m/v1/report and is sent to /m/v1/submit. */
		letter->htu = STR("/m/v1/report");
		body = another(arena, letter, false);
		break;
	case TAMPER_late:
		sleep_seconds(tamper->exp + 1 - time_now() / 1000);
		letter->iat = time_now() / 1000;
		body = another(arena, letter, false);
		break;
	case TAMPER_repeat:
		(void)link_post(arena, link, path, body, &first);
		break;
	case TAMPER_replay:
	case TAMPER_again:
		(void)link_post(arena, link, path, body, &first);
		body = another(arena, letter, tamper->kind == TAMPER_replay);
		break;
	case TAMPER_race:
		return race(tamper, arena, link, letter, reply);
	default:
		break;
	}
	return link_post(arena, link, path, body, reply);
}

static enum ending send_claim(struct tamper *tamper, struct arena *arena, const struct link *link,
	struct letter *letter, struct str body, struct reply *reply)
{
	struct reply second;
	if (tamper->kind == TAMPER_late_claim) {
		sleep_seconds(LATE_CLAIM_S);
		letter->iat = time_now() / 1000;
		body = another(arena, letter, false);
	}
	enum ending ending = link_post(arena, link, letter->htu, body, reply);
	if (ending == ENDING_NONE && tamper->kind == TAMPER_second_claim) {
		struct letter other = *letter;
		other.key = tamper->other;
		(void)link_post(arena, link, letter->htu, another(arena, &other, false), &second);
	}
	return ending;
}

enum ending tamper_send(struct tamper *tamper, struct arena *arena, const struct link *link,
	struct letter *letter, struct str body, struct reply *reply)
{
	if (str_eq(letter->htu, STR("/m/v1/submit")))
		return send_submit(tamper, arena, link, letter, body, reply);
	if (str_eq(letter->htu, STR("/m/v1/claim")))
		return send_claim(tamper, arena, link, letter, body, reply);
	return link_post(arena, link, letter->htu, body, reply);
}
