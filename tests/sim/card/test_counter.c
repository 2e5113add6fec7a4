/*
 * The cards of the cast as the counter's own verification sees them: each certificate, each
 * signature and the files of the text applet count as they should, and give the holder's four
 * items.
 */
#include "fixture.h"

#include "base/time.h"
#include "crypto/init.h"
#include "identity/evidence.h"
#include "sim/card/cast.h"
#include "sim/card/jpki.h"

#include <ftw.h>

static struct arena arena;
static char root[64];
static struct ca ca;
static struct anchors *anchors;
static int64_t now;

static void must(err e)
{
	if (failed(e))
		fail_msg("%s: %s", err_name(e.code), err_detail());
}

static const char *in_root(const char *name)
{
	return str_c(&arena, str_fmt(&arena, "%s/%s", root, name));
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static int begin(void **state)
{
	(void)state;
	arena_init(&arena, 64u << 20);
	must(crypto_init());
	now = time_now();
	(void)snprintf(root, sizeof root, "/tmp/softcard-counter-XXXXXX");
	assert_non_null(mkdtemp(root));
	must(ca_init(in_root("ca"), now));
	must(ca_open(&arena, in_root("ca"), &ca));
	must(cast_make(&ca, in_root("cast"), (struct str){0}, now));
	for (enum ca_kind kind = 0; kind < CA_KIND_COUNT; kind++) {
		for (enum ca_root i = 0; i < CA_ROOT_COUNT; i++)
			must(ca_crl(&ca, &arena, kind, i, now, NULL));
	}
	const struct anchors_conf conf = {in_root("ca/anchors"), ANCHORS_SIMULATION, true};

	must(anchors_load(&conf, &anchors));
	return 0;
}

static int end(void **state)
{
	(void)state;
	anchors_free(anchors);
	nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	arena_release(&arena);
	return 0;
}

/* A card with a port to it, the secret verified. */
struct open_card {
	struct card card;
	struct card_port port;
	struct card_state about;
};

static void put_on(struct open_card *open, size_t i, enum card_applet applet,
	enum card_secret secret, const char *text)
{
	const char *dir = in_root(str_c(&arena, str_fmt(&arena, "cast/%s", cast_cards[i].name)));
	enum jpki_verdict verdict;
	unsigned left;

	must(card_state_read(&arena, dir, &open->about));
	must(card_open(&arena, dir, &open->card));
	open->port = card_port_folder(&open->card);
	must(jpki_select(&open->port, applet));
	must(jpki_verify(&open->port, secret, str_of(text), &verdict, &left));
	assert_int_equal(verdict, JPKI_RIGHT);
}

static bool is(size_t i, const char *name)
{
	return strcmp(cast_cards[i].name, name) == 0;
}

static const struct str statement = STR_INIT("CLP1 BASIC4\nrp=rp:test\n");

static struct evidence by_certificate(struct open_card *open, enum card_key key)
{
	struct evidence evidence = {
		.method = key == KEY_AUTH ? EVIDENCE_JPKI_AUTH : EVIDENCE_JPKI_SIGN,
		.statement = statement};
	enum jpki_alg alg;

	must(jpki_cert(&open->port, &arena, key, false, &evidence.cert));
	must(jpki_alg_of(evidence.cert, &alg));
	must(card_alg_of(str_of(jpki_alg_name(alg)), &evidence.alg));
	must(jpki_sign(&open->port, &arena, key, alg, statement, &evidence.signature));
	return evidence;
}

static void check_fault(size_t i, const char *what, enum idv_error got, enum idv_error want)
{
	if (got != want)
		fail_msg("%s, %s: fault %d, not %d: %s", cast_cards[i].name, what, (int)got,
			(int)want, err_detail());
}

static enum idv_error revocation_of(const struct verified *verified)
{
	const struct responder lists_only = {0};
	struct revocation found = {0};
	enum idv_error fault = IDV_ERROR_NONE;

	must(evidence_revocation(&arena, anchors, &lists_only, verified, now, &found, &fault));
	return fault;
}

static void check_items(size_t i, const struct card_holder *holder, const struct verified *verified)
{
	enum idv_error fault = IDV_ERROR_NONE;
	struct basic4 items;

	must(evidence_basic4(&arena, verified, &items, &fault));
	check_fault(i, "items", fault, IDV_ERROR_NONE);
	assert_true(str_eq(items.name, holder->name));
	assert_true(str_eq(items.address, holder->address));
	assert_true(str_eq(holder->birth,
		str_fmt(&arena, "%04d%02u%02u", (int)items.year, items.month, items.day)));
	assert_int_equal(items.sex, holder->sex);
}

static void check_certificate(
	size_t i, enum card_key key, enum card_secret secret, const char *text)
{
	struct open_card open;
	AUTO_VERIFIED struct verified verified = {0};
	enum idv_error fault = IDV_ERROR_NONE;
	bool over = is(i, "expired");

	put_on(&open, i, APPLET_JPKI, secret, text);
	const struct evidence evidence = by_certificate(&open, key);

	must(evidence_check(&arena, anchors, &evidence, now, &verified, &fault));
	check_fault(i, "certificate", fault, over ? IDV_ERROR_cert_expired : IDV_ERROR_NONE);
	if (over)
		return;
	bool moved = key == KEY_SIGN && is(i, "moved");

	check_fault(i, "revocation", revocation_of(&verified),
		moved ? IDV_ERROR_cert_revoked : IDV_ERROR_NONE);
	/* The one that has moved has the old address in the certificate, and the new one in mind.
	 */
	if (key == KEY_SIGN && !moved)
		check_items(i, &open.about.holder, &verified);
}

static void test_authentication(void **state)
{
	(void)state;
	for (size_t i = 0; i < CAST_COUNT; i++) {
		if (!is(i, "locked"))
			check_certificate(i, KEY_AUTH, SECRET_AUTH, CAST_PIN);
	}
}

static void test_signing(void **state)
{
	(void)state;
	for (size_t i = 0; i < CAST_COUNT; i++) {
		if (!is(i, "child"))
			check_certificate(i, KEY_SIGN, SECRET_SIGN, CAST_PASSWORD);
	}
}

static void test_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < CAST_COUNT; i++) {
		struct open_card open;
		AUTO_VERIFIED struct verified verified = {0};
		enum idv_error fault = IDV_ERROR_NONE;
		struct evidence e = {.method = EVIDENCE_CARD_TEXT, .statement = statement};

		if (is(i, "phone"))
			continue;
		put_on(&open, i, APPLET_TEXT, SECRET_TEXT, CAST_TEXT_PIN);
		must(jpki_text_file(&open.port, &arena, 2, &e.ef0002));
		must(jpki_text_file(&open.port, &arena, 3, &e.ef0003));
		must(jpki_text_file(&open.port, &arena, 4, &e.ef0004));
		must(jpki_text_file(&open.port, &arena, 7, &e.ef0007));
		must(jpki_text_sign(&open.port, &arena, statement, &e.signature));
		must(evidence_check(&arena, anchors, &e, now, &verified, &fault));
		check_fault(i, "text applet", fault, IDV_ERROR_NONE);
		check_items(i, &open.about.holder, &verified);
	}
}

/* A card of another authority, whose roots have the same names. */
static void test_stranger(void **state)
{
	struct open_card open;
	AUTO_VERIFIED struct verified verified = {0};
	enum idv_error fault = IDV_ERROR_NONE;
	struct ca other;

	(void)state;
	must(ca_init(in_root("other"), now));
	must(ca_open(&arena, in_root("other"), &other));
	must(cast_make(&other, in_root("strangers"), STR("student"), now));
	must(card_open(&arena, in_root("strangers/student"), &open.card));
	open.port = card_port_folder(&open.card);
	must(jpki_select(&open.port, APPLET_JPKI));
	enum jpki_verdict verdict;
	unsigned left;

	must(jpki_verify(&open.port, SECRET_AUTH, STR(CAST_PIN), &verdict, &left));
	const struct evidence evidence = by_certificate(&open, KEY_AUTH);

	must(evidence_check(&arena, anchors, &evidence, now, &verified, &fault));
	check_fault(0, "stranger", fault, IDV_ERROR_cert_untrusted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_authentication),
		cmocka_unit_test(test_signing), cmocka_unit_test(test_text),
		cmocka_unit_test(test_stranger)};

	return cmocka_run_group_tests(tests, begin, end);
}
