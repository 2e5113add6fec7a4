#ifndef TESTS_UNIT_CARD_FIXTURE_H
#define TESTS_UNIT_CARD_FIXTURE_H

#include "base/time.h"
#include "crypto/anchors.h"
#include "crypto/cert.h"
#include "sim/ca/wrong.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* behind base/err.h: it has a macro fail() */

/*
 * What the tests of cards' proofs share: a simulated authority, made once a program in a folder of
 * its own, its certificates right and wrong, and signatures as a card makes them.
 */

#define NOW INT64_C(1795392000000) /* 2026-11-23 09:00 in Japan */
#define YEAR (365 * TIME_DAY)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct card_fixture {
	struct arena arena;
	char folder[64]; /* removed at the end; the authority is in ca/ */
	struct ca ca;
	char anchor_folder[80];
	struct anchors *anchors;
};

static struct card_fixture fixture;

__attribute__((unused)) static const char *in_folder(const char *name)
{
	return str_c(&fixture.arena, str_fmt(&fixture.arena, "%s/%s", fixture.folder, name));
}

__attribute__((unused)) static void put_file(const char *path, struct str bytes)
{
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.p ? bytes.p : "", 1, bytes.n, file), bytes.n);
	assert_int_equal(fclose(file), 0);
}

__attribute__((unused)) static struct str get_file(const char *path)
{
	FILE *file = fopen(path, "re");
	assert_non_null(file);
	char *p = arena_alloc(&fixture.arena, 1u << 20);
	size_t n = fread(p, 1, 1u << 20, file);
	assert_int_equal(fclose(file), 0);
	return str_make(p, n);
}

static const struct ca_person somebody = {
	.name = STR_INIT("窓口　花子"),
	.era = '4',
	.year = 1999,
	.month = 12,
	.day = 31,
	.sex = 2,
	.address = STR_INIT("大分県別府市上野口町１－１５"),
	.prefecture = STR_INIT("Oita-ken"),
	.municipality = STR_INIT("Beppu-shi"),
};

/* A card's certificate with its key; wrong may be NULL. */
__attribute__((unused)) static struct ca_issued issue_for(const struct ca_person *person,
	enum ca_kind kind, enum ca_root root, const struct ca_wrong *wrong)
{
	static const struct ca_wrong nothing;
	struct ca_request request = {kind, root, person, NOW - YEAR, NOW + YEAR, NOW - YEAR};
	struct ca_issued issued;
	err e = ca_issue_wrong(
		&fixture.ca, &fixture.arena, &request, wrong ? wrong : &nothing, &issued);
	if (failed(e))
		fail_msg("%s", err_detail());
	return issued;
}

__attribute__((unused)) static struct ca_issued issue(
	enum ca_kind kind, enum ca_root root, const struct ca_wrong *wrong)
{
	return issue_for(&somebody, kind, root, wrong);
}

__attribute__((unused)) static struct ca_issued issue_from_to(
	enum ca_kind kind, int64_t from, int64_t to)
{
	struct ca_request request = {kind, CA_ROOT_1, &somebody, from, to, NOW - YEAR};
	struct ca_issued issued;
	assert_int_equal(ca_issue(&fixture.ca, &fixture.arena, &request, &issued).code, OK);
	return issued;
}

/* ---- the program's authority ---- */

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static int card_setup(void **state)
{
	(void)state;
	arena_init(&fixture.arena, 512u << 20);
	(void)snprintf(fixture.folder, sizeof fixture.folder, "%s/card-XXXXXX",
		getenv("TMPDIR") && strlen(getenv("TMPDIR")) < 40 ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(fixture.folder))
		return -1;
	const char *dir = in_folder("ca");
	(void)snprintf(fixture.anchor_folder, sizeof fixture.anchor_folder, "%s/anchors", dir);
	struct anchors_conf conf = {fixture.anchor_folder, ANCHORS_SIMULATION, true};
	bool made = !failed(ca_init(dir, NOW - 5 * YEAR)) &&
		    !failed(ca_open(&fixture.arena, dir, &fixture.ca)) &&
		    !failed(anchors_load(&conf, &fixture.anchors));
	if (!made)
		print_error("%s\n", err_detail());
	return made ? 0 : -1;
}

static int card_teardown(void **state)
{
	(void)state;
	anchors_free(fixture.anchors);
	nftw(fixture.folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	arena_release(&fixture.arena);
	return 0;
}

#include "card_parts.h"

#endif
