/*
 * The limit of logins: one password after another checked against its hash, with the program's own
 * parameters, and nothing else.
 *
 *   raw_hash SECONDS
 */

#include "base/arena.h"
#include "base/time.h"
#include "crypto/init.h"
#include "crypto/password.h"

int main(int argc, char **argv)
{
	uint64_t seconds, n = 0;
	struct str stored, password = STR("Ame-no-Hi#24");
	AUTO_ARENA arena;

	arena_init(&arena, 1u << 20);
	if (argc != 2 || !str_to_u64(str_of(argv[1]), &seconds) || failed(crypto_init()) ||
		failed(password_hash(&arena, password, &stored))) {
		fprintf(stderr, "usage: raw_hash SECONDS\n");
		return 1;
	}
	int64_t begin = time_monotonic_us(), now;

	do {
		if (!password_verify(stored, password))
			return 1;
		n++;
		now = time_monotonic_us();
	} while (now - begin < (int64_t)seconds * 1000000);
	printf("requests=%llu rps=%.2f\n", (unsigned long long)n,
		(double)n * 1e6 / (double)(now - begin));
	return 0;
}
