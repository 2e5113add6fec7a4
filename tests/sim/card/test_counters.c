/* The tries of a secret: across restarts, kill -9 in the middle of work, and two processes at once.
 */
#include "fixture.h"

#include "base/random.h"

#include <signal.h>
#include <sys/wait.h>

#define ROUNDS 25
#define CODE_TRIES 10

static struct fixture f;

static int make(void **state)
{
	(void)state;
	fixture_make(&f, false);
	return 0;
}

static int clean(void **state)
{
	(void)state;
	fixture_remove(&f);
	return 0;
}

static void open_anew(void)
{
	assert_false(failed(card_open(&f.arena, f.dir, &f.card)));
}

static unsigned tries(unsigned applet_id)
{
	char hex[16];

	open_anew();
	assert_int_equal(fixture_send(&f, SELECT_TEXT), 0x9000);
	(void)snprintf(hex, sizeof hex, "002000%02X", 0x80 | applet_id);
	unsigned status = fixture_send(&f, hex);

	assert_int_equal(status & 0xFFF0, 0x63C0);
	return status & 0xF;
}

static void refill(void)
{
	struct card_state state;

	assert_false(failed(card_state_read(&f.arena, f.dir, &state)));
	state.secrets[SECRET_CODE_A].tries = CODE_TRIES;
	assert_false(failed(card_state_write(f.dir, &state)));
}

static void test_restart(void **state)
{
	(void)state;
	for (unsigned left = 2; left < 3; left--) {
		open_anew();
		assert_int_equal(fixture_send(&f, SELECT_TEXT), 0x9000);
		assert_int_equal(fixture_verify(&f, 0x11, "0000"), 0x63C0 | left);
		assert_int_equal(tries(0x11), left);
	}
	assert_int_equal(fixture_verify(&f, 0x11, TEXT_PIN), 0x6984);
}

/* Wrong ones until killed; every answer is told through the pipe before the next is sent. */
static void spend(int pipe_end)
{
	struct card card;
	AUTO_ARENA arena;

	arena_init(&arena, 1u << 20);
	if (failed(card_open(&arena, f.dir, &card)))
		_exit(1);
	f.card = card;
	if (fixture_send(&f, SELECT_TEXT) != 0x9000)
		_exit(1);
	for (;;) {
		unsigned status = fixture_verify(&f, 0x14, "000000000000");
		unsigned char told = (unsigned char)(status & 0xF);

		if (status == 0x6984)
			_exit(0);
		if (write(pipe_end, &told, 1) != 1)
			_exit(1);
	}
}

static void test_killed(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		int ends[2];
		unsigned char told, last = CODE_TRIES;

		refill();
		assert_int_equal(pipe(ends), 0);
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0)
			spend(ends[1]);
		close(ends[1]);
		usleep(20000 + random_below(120000));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		while (read(ends[0], &told, 1) == 1) {
			/* One less with each answer. */
			assert_int_equal(told, last - 1);
			last = told;
		}
		close(ends[0]);
		/* What it was killed in may have cost a try, and gave none back. */
		unsigned left = tries(0x14);

		assert_true(left == last || left + 1 == last);
	}
}

/* A right one, killed on the way, costs at most what it spent. */
static void test_killed_when_right(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		unsigned before = tries(0x14);

		if (before < 3)
			refill();
		before = tries(0x14);
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			open_anew();
			(void)fixture_send(&f, SELECT_TEXT);
			_exit(fixture_verify(&f, 0x14, CODE_A) == 0x9000 ? 0 : 1);
		}
		usleep(random_below(60000));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		unsigned left = tries(0x14);

		assert_true(left == CODE_TRIES || left == before || left + 1 == before);
	}
}

/* Two that guess at once get ten guesses together, each answer once. */
static void test_two_processes(void **state)
{
	int ends[2];
	pid_t children[2];
	unsigned seen = 0, count = 0;
	unsigned char told;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	for (size_t i = 0; i < 2; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0)
			spend(ends[1]);
	}
	close(ends[1]);
	for (size_t i = 0; i < 2; i++) {
		int how;

		assert_int_equal(waitpid(children[i], &how, 0), children[i]);
		assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
	}
	while (read(ends[0], &told, 1) == 1) {
		assert_false(seen & 1u << told);
		seen |= 1u << told;
		count++;
	}
	close(ends[0]);
	assert_int_equal(count, CODE_TRIES);
	assert_int_equal(seen, (1u << CODE_TRIES) - 1);
	assert_int_equal(tries(0x14), 0);
}

#define WITH_CARD(test) cmocka_unit_test_setup_teardown(test, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {WITH_CARD(test_restart), WITH_CARD(test_killed),
		WITH_CARD(test_killed_when_right), WITH_CARD(test_two_processes)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
