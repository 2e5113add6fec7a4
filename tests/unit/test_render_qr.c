/* QR codes: drawn here from the picture's own words, read by zbarimg, which knows nothing of us. */
#include "render/qr.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cmocka.h>

#define SCALE 3
#define SIDE_MAX 80

static struct arena arena;
static char path[] = "/tmp/qr-test-XXXXXX.pgm";

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 1u << 20);
	int fd = mkstemps(path, 4);
	assert_true(fd >= 0);
	close(fd);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	arena_release(&arena);
	return 0;
}

static const char *make(struct str text, const char *label)
{
	struct html html;
	assert_int_equal(qr_html(&arena, text, str_of(label), &html).code, OK);
	return str_c(&arena, html.s);
}

/* The dark rectangles of the second path, into a picture of one byte a module. Returns the side. */
static int draw(const char *svg, unsigned char pixels[SIDE_MAX][SIDE_MAX])
{
	int side, other;
	const char *box = strstr(svg, "viewBox=\"0 0 ");
	assert_non_null(box);
	assert_int_equal(sscanf(box, "viewBox=\"0 0 %d %d\"", &side, &other), 2);
	assert_int_equal(side, other);
	assert_true(side <= SIDE_MAX);
	memset(pixels, 255, SIDE_MAX * SIDE_MAX);
	const char *at = strstr(svg, "fill=\"#000\" d=\"");
	assert_non_null(at);
	at += strlen("fill=\"#000\" d=\"");
	while (*at == 'M') {
		int x, y, width, back, used;
		assert_int_equal(sscanf(at, "M%d %dh%dv1h-%dz%n", &x, &y, &width, &back, &used), 4);
		assert_int_equal(width, back);
		assert_true(x >= QR_QUIET && y >= QR_QUIET && x + width <= side - QR_QUIET &&
			    y < side - QR_QUIET);
		memset(&pixels[y][x], 0, (size_t)width);
		at += used;
	}
	assert_string_equal(at, "\"/></svg>");
	return side;
}

/* What zbarimg reads from the file. */
static size_t scan(char *to, size_t room)
{
	static const char *const words[] = {"zbarimg", "--nodbus", "--quiet", "--raw", "--oneshot",
		"-Sdisable", "-Sqrcode.enable", "-Sqrcode.binary"};
	char *copies[10] = {NULL};
	int out[2];
	assert_int_equal(pipe(out), 0);
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	posix_spawn_file_actions_addclose(&actions, out[0]);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		copies[i] = strdup(words[i]);
	copies[sizeof words / sizeof words[0]] = strdup(path);
	pid_t pid;
	assert_int_equal(posix_spawnp(&pid, copies[0], &actions, NULL, copies, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(out[1]);
	size_t n = 0;
	for (ssize_t got; n < room && (got = read(out[0], to + n, room - n)) > 0;)
		n += (size_t)got;
	close(out[0]);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	for (size_t i = 0; copies[i]; i++)
		free(copies[i]);
	return n;
}

static void read_back(const char *svg, struct str text)
{
	static unsigned char pixels[SIDE_MAX][SIDE_MAX];
	int side = draw(svg, pixels);
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	(void)fprintf(file, "P5 %d %d 255\n", side * SCALE, side * SCALE);
	for (int y = 0; y < side * SCALE; y++)
		for (int x = 0; x < side * SCALE; x++)
			fputc(pixels[y / SCALE][x / SCALE], file);
	assert_int_equal(fclose(file), 0);

	char read_text[QR_TEXT_MAX + 10];
	assert_true(str_eq(str_make(read_text, scan(read_text, sizeof read_text)), text));
}

static void test_read(void **state)
{
	(void)state;
	struct str url = STR(
		"https://counter.example/q#1.4J8Z0MTQ6W7KD3R5XH1CVBNA2E.q83vEjRWeJCrze8SNFZ4kA");
	const char *svg = make(url, "QR code");
	read_back(svg, url);
	read_back(make(STR("a"), "QR code"), STR("a"));
	read_back(
		make(STR("\xe6\xbc\xa2\xe5\xad\x97"), "QR code"), STR("\xe6\xbc\xa2\xe5\xad\x97"));
}

/* At, below and above the limit. */
static void test_length(void **state)
{
	(void)state;
	char text[QR_TEXT_MAX + 1];
	struct html html = {{"before", 6}};
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)('!' + i % 90);
	read_back(make(str_make(text, QR_TEXT_MAX - 1), "x"), str_make(text, QR_TEXT_MAX - 1));
	read_back(make(str_make(text, QR_TEXT_MAX), "x"), str_make(text, QR_TEXT_MAX));
	assert_int_equal(
		qr_html(&arena, str_make(text, QR_TEXT_MAX + 1), STR("x"), &html).code, ERR_LIMIT);
	assert_int_equal(qr_html(&arena, STR(""), STR("x"), &html).code, ERR_INVALID);
	assert_true(str_eq(html.s, STR("before")));
}

/* White behind it, a name that cannot end the attribute, nothing that the page's policy refuses. */
static void test_markup(void **state)
{
	(void)state;
	const char *svg = make(STR("abc"), "<b>\"it's\" & co</b>");
	int side;
	assert_int_equal(sscanf(strstr(svg, "0 0 "), "0 0 %d", &side), 1);
	assert_int_equal(side, 21 + 2 * QR_QUIET);
	char white[60];
	(void)snprintf(white, sizeof white, "<path fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/>", side,
		side, side);
	assert_non_null(strstr(svg, white));
	assert_non_null(strstr(svg, "role=\"img\""));
	assert_non_null(
		strstr(svg, "aria-label=\"&lt;b&gt;&quot;it&#39;s&quot; &amp; co&lt;/b&gt;\""));
	assert_non_null(strstr(svg, "shape-rendering=\"crispEdges\""));
	assert_null(strstr(svg, "style"));
	assert_null(strstr(svg, "abc"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_markup),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
