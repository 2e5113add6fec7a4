#include "crypto/password.h"

#include "base/limits.h"

#include <pthread.h>
#include <sched.h>
#include <sodium.h>

/* OWASP's second choice for Argon2id: the least memory that still makes guessing costly, so that
 * many can log in. */
#define PASSWORD_MEMORY ((size_t)19 << 20)
#define PASSWORD_PASSES 2

/*
 * Many who log in at the same moment share a few places, so that their memory is bounded and other requests keep their
 * processors. Those who wait are workers; pages that only read run elsewhere.
 */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t freed;
	unsigned places; /* 0: not counted yet */
	unsigned at_work;
} gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

/* No more than processors: two hashes that share one also share its cache, and both together take longer than one after the
 * other. */
static unsigned count_places(void)
{
	cpu_set_t mine;
	int processors = sched_getaffinity(0, sizeof mine, &mine) == 0 ? CPU_COUNT(&mine) : 1;

	return processors < 1 ? 1 : processors > LIMIT_PASSWORD_AT_ONCE ? LIMIT_PASSWORD_AT_ONCE : (unsigned)processors;
}

static void gate_enter(void)
{
	pthread_mutex_lock(&gate.lock);
	if (gate.places == 0)
		gate.places = count_places();
	while (gate.at_work == gate.places)
		pthread_cond_wait(&gate.freed, &gate.lock);
	gate.at_work++;
	pthread_mutex_unlock(&gate.lock);
}

static void gate_leave(void)
{
	pthread_mutex_lock(&gate.lock);
	gate.at_work--;
	pthread_cond_signal(&gate.freed);
	pthread_mutex_unlock(&gate.lock);
}

err password_hash(struct arena *arena, struct str password, struct str *stored)
{
	if (password.n > LIMIT_PASSWORD)
		return fail(ERR_LIMIT, "password over %d bytes", LIMIT_PASSWORD);
	char text[crypto_pwhash_STRBYTES];
	gate_enter();
	int done = crypto_pwhash_str_alg(text, password.n ? password.p : "", password.n, PASSWORD_PASSES,
		PASSWORD_MEMORY, crypto_pwhash_ALG_ARGON2ID13);
	gate_leave();
	if (done != 0)
		return fail(ERR_UNAVAILABLE, "Argon2id: no memory");
	*stored = str_dup(arena, str_of(text));
	return ok();
}

/* libsodium wants its text form ended by NUL. False when it cannot be one of ours. */
static bool as_text(struct str stored, char text[crypto_pwhash_STRBYTES])
{
	if (stored.n == 0 || stored.n >= crypto_pwhash_STRBYTES || str_find_byte(stored, '\0') >= 0)
		return false;
	memcpy(text, stored.p, stored.n);
	text[stored.n] = '\0';
	return true;
}

bool password_verify(struct str stored, struct str password)
{
	char text[crypto_pwhash_STRBYTES];
	if (password.n > LIMIT_PASSWORD || !as_text(stored, text))
		return false;
	gate_enter();
	int same = crypto_pwhash_str_verify(text, password.n ? password.p : "", password.n);
	gate_leave();
	return same == 0;
}

bool password_verify_nobody(struct str password)
{
	static const unsigned char salt[crypto_pwhash_SALTBYTES] = {0};
	unsigned char hash[32];
	if (password.n > LIMIT_PASSWORD)
		return false;
	/* The result is of no use to anyone, but the work has been done. */
	gate_enter();
	int done = crypto_pwhash(hash, sizeof hash, password.n ? password.p : "", password.n, salt,
		PASSWORD_PASSES, PASSWORD_MEMORY, crypto_pwhash_ALG_ARGON2ID13);
	gate_leave();
	(void)done;
	sodium_memzero(hash, sizeof hash);
	return false;
}

bool password_outdated(struct str stored)
{
	char text[crypto_pwhash_STRBYTES];
	return !as_text(stored, text) ||
	       crypto_pwhash_str_needs_rehash(text, PASSWORD_PASSES, PASSWORD_MEMORY) != 0;
}
