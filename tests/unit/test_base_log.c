/* base/log: whatever a value holds, there is one line, it is JSON, and a terminal can show it. */
#include "base/log.h"

#include "base/auto.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int ends[2];
static char taken[1 << 17];

/* What has been logged since the last call. */
static struct str take(void)
{
	size_t n = 0;
	ssize_t got;
	while ((got = read(ends[0], taken + n, sizeof taken - n)) > 0)
		n += (size_t)got;
	assert_int_equal(errno, EAGAIN);
	return str_make(taken, n);
}

/* Behind the time, which is checked and cut off. */
static struct str line_of(struct str all)
{
	assert_true(all.n > 2 && all.n <= 4096);
	assert_int_equal(str_find_byte(all, '\n'), (ptrdiff_t)all.n - 1);
	assert_true(utf8_valid(all));
	for (size_t i = 0; i + 1 < all.n; i++)
		if ((unsigned char)all.p[i] < 0x20 || all.p[i] == 0x7f)
			fail_msg("control %02x", all.p[i]);
	static const char form[] = "{\"time\":\"dddd-dd-ddTdd:dd:dd.dddZ\",";
	for (size_t i = 0; i < sizeof form - 1; i++)
		assert_true(
			form[i] == 'd' ? all.p[i] >= '0' && all.p[i] <= '9' : all.p[i] == form[i]);
	return str_sub(all, sizeof form - 1, all.n - sizeof form);
}

static void logged(const char *want)
{
	struct str line = line_of(take());
	if (!str_eq(line, str_of(want)))
		fail_msg("got " STR_FMT "\nwant %s", STR_ARG(line), want);
}

static void test_injection(void **state)
{
	(void)state;
	log_event(LOG_WARN, "e", LOG_STR("v", STR("a\r\n{\"time\":\"forged\"}\n")));
	logged("\"level\":\"warn\",\"event\":\"e\",\"v\":\"a\\r\\n{\\\"time\\\":\\\"forged\\\"}"
	       "\\n\"}");
	log_event(LOG_WARN, "e",
		LOG_STR("v", STR("\x1b[2J\x07\0\x7f\xc2\x9b"
				 "31m\xe2\x80\xa8")));
	logged("\"level\":\"warn\",\"event\":\"e\",\"v\":\"\\u001b["
	       "2J\\u0007\\u0000\\u007f\\u009b31m\\u2028\"}");
	log_event(LOG_WARN, "e", LOG_STR("v", STR("\",\"level\":\"error")),
		LOG_STR("w", STR("\\\"\\")));
	logged("\"level\":\"warn\",\"event\":\"e\",\"v\":\"\\\",\\\"level\\\":\\\"error\",\"w\":"
	       "\"\\\\\\\"\\\\\"}");
	log_event(LOG_WARN, "e", LOG_STR("v", STR("\xff\xc0\xaf\xed\xa0\x80\xe3")));
	logged("\"level\":\"warn\",\"event\":\"e\",\"v\":"
	       "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
	       "\xef\xbf\xbd\xef\xbf\xbd\"}");
}

static void test_long_values_are_cut(void **state)
{
	(void)state;
	static char long_text[20000];
	memset(long_text, 1, sizeof long_text); /* six bytes each when escaped */
	log_event(LOG_ERROR, "e", LOG_STR("v", str_make(long_text, sizeof long_text)),
		LOG_I64("after", 1));
	struct str line = line_of(take());
	assert_true(str_ends(line, STR("\\u0001\",\"after\":1,\"cut\":1}")));
	struct log_field fields[200];
	for (size_t n = 1; n < 200; n += 3) {
		for (size_t length = 1; length < 300; length += 97) {
			for (size_t i = 0; i < n; i++)
				fields[i] = LOG_STR("name", str_make(long_text, length));
			log_write(LOG_ERROR, "e", fields, n);
			line = line_of(take());
			assert_true(str_ends(line, n == 1 ? STR("\"e\"}") : STR("}")));
			/* Quotes come in pairs: no value was cut between its quotes. */
			size_t quotes = 0;
			for (size_t i = 0; i < line.n; i++)
				quotes += line.p[i] == '"';
			assert_int_equal(quotes % 2, 0);
		}
	}
	/* At the limit of one value exactly, and one above. */
	memset(long_text, 'a', sizeof long_text);
	log_event(LOG_ERROR, "e", LOG_STR("v", str_make(long_text, 1000)));
	assert_int_equal(str_find(line_of(take()), STR("cut")), -1);
	log_event(LOG_ERROR, "e", LOG_STR("v", str_make(long_text, 1100)));
	assert_true(str_ends(line_of(take()), STR("a\",\"cut\":1}")));
}

static void test_long_name_and_event(void **state)
{
	(void)state;
	static char name[9000];
	memset(name, 'n', sizeof name - 1);
	log_event(LOG_ERROR, name, LOG_I64("i", 1));
	assert_true(str_ends(line_of(take()), STR("n\",\"i\":1,\"cut\":1}")));
	log_event(LOG_ERROR, "e", LOG_I64(name, 1));
	logged("\"level\":\"error\",\"event\":\"e\",\"cut\":1}");
}

static void test_fields(void **state)
{
	(void)state;
	log_event(LOG_INFO, "start");
	logged("\"level\":\"info\",\"event\":\"start\"}");
	log_event(LOG_ERROR, "x", LOG_I64("low", INT64_MIN), LOG_I64("high", INT64_MAX),
		LOG_C("c", "word"), LOG_C("none", NULL), LOG_STR("s", STR("\xe7\xaa\x93")));
	logged("\"level\":\"error\",\"event\":\"x\",\"low\":-9223372036854775808,\"high\":"
	       "9223372036854775807,"
	       "\"c\":\"word\",\"none\":\"\",\"s\":\"\xe7\xaa\x93\"}");
}

static void test_level(void **state)
{
	(void)state;
	log_event(LOG_DEBUG, "quiet");
	assert_int_equal(take().n, 0);
	log_set_level(LOG_ERROR);
	log_event(LOG_WARN, "quiet");
	assert_int_equal(take().n, 0);
	log_set_level(LOG_DEBUG);
	log_event(LOG_DEBUG, "loud");
	logged("\"level\":\"debug\",\"event\":\"loud\"}");
	log_set_level(LOG_INFO);
	log_write(LOG_LEVEL_COUNT, "no such level", NULL, 0);
	assert_int_equal(take().n, 0);
}

static void test_errno_and_broken_output(void **state)
{
	(void)state;
	log_set_fd(-1);
	errno = ENOSPC;
	log_event(LOG_ERROR, "lost");
	assert_int_equal(errno, ENOSPC);
	log_set_fd(ends[1]);
}

/* How many lines wait in the pipe, each taken as a whole. */
static int lines_taken(void)
{
	struct str rest = take(), line;
	int lines = 0;
	while (str_next(&rest, '\n', &line)) {
		assert_true(str_starts(line, STR("{\"time\":\"")) && str_ends(line, STR("}")));
		lines++;
	}
	return lines;
}

static void test_gathered(void **state)
{
	(void)state;
	log_gather();
	log_event(LOG_INFO, "one");
	log_event(LOG_INFO, "two");
	assert_int_equal(lines_taken(), 0);
	/* A warning does not wait, and what came before it stands before it. */
	log_event(LOG_WARN, "three");
	struct str all = take();
	assert_true(str_find(all, STR("one")) < str_find(all, STR("two")) && str_find(all, STR("two")) < str_find(all, STR("three")));
	log_event(LOG_INFO, "four");
	errno = ENOSPC;
	log_let_go();
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(lines_taken(), 1);
	log_event(LOG_INFO, "five");
	assert_int_equal(lines_taken(), 1);
	log_let_go();
	assert_int_equal(lines_taken(), 0);
}

/* What is full leaves in one piece, so that a reader of the pipe never gets a part of a line. */
static void test_gathered_many(void **state)
{
	(void)state;
	char word[300];
	memset(word, 'w', sizeof word);
	log_gather();
	for (int i = 0; i < 40; i++) {
		log_event(LOG_INFO, "full", LOG_STR("v", str_make(word, sizeof word)));
		char piece[8192];
		ssize_t got = read(ends[0], piece, sizeof piece);
		assert_true(got < 0 || (got > 2000 && got <= 4096 && piece[0] == '{' && piece[got - 1] == '\n'));
		if (got > 0)
			assert_true(i >= 9);
	}
	log_let_go();
	assert_in_range(lines_taken(), 1, 12);
}

/* Escapes make a text longer than it was: it is cut all the same, and the line stays whole. */
static void test_escapes_to_the_end(void **state)
{
	(void)state;
	char word[1024];
	for (size_t i = 0; i < sizeof word; i++)
		word[i] = i % 8 == 0 ? '<' : 'x';
	log_event(LOG_INFO, "e", LOG_STR("a", str_make(word, sizeof word)), LOG_STR("b", str_make(word, sizeof word)),
		LOG_STR("c", str_make(word, sizeof word)), LOG_STR("d", str_make(word, sizeof word)));
	struct str line = line_of(take());
	assert_true(str_find(line, STR("\\u003cxxxxxxx\\u003c")) > 0);
	assert_true(str_ends(line, STR(",\"cut\":1}")));
}

static void *many(void *arg)
{
	for (int i = 0; i < 50; i++)
		log_event(LOG_INFO, "thread", LOG_C("text", arg), LOG_I64("i", i));
	return NULL;
}

static void test_threads(void **state)
{
	(void)state;
	pthread_t threads[4];
	static char text[] = "abcdefghijklmnopqrstuvwxyz";
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, many, text), 0);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(lines_taken(), 200);
}

static int set_up(void **state)
{
	(void)state;
	if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0)
		return -1;
	log_set_fd(ends[1]);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	log_set_fd(STDERR_FILENO);
	auto_close(&ends[0]);
	auto_close(&ends[1]);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_injection),
		cmocka_unit_test(test_long_values_are_cut),
		cmocka_unit_test(test_long_name_and_event),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_level),
		cmocka_unit_test(test_errno_and_broken_output),
		cmocka_unit_test(test_gathered),
		cmocka_unit_test(test_gathered_many),
		cmocka_unit_test(test_escapes_to_the_end),
		cmocka_unit_test(test_threads),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
