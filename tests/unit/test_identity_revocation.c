/* evidence_revocation: who is asked, how often, and that silence is a no. */
#include "identity/evidence.h"

#include "base/limits.h"
#include "crypto/ocsp.h"
#include "net/init.h"
#include "sim/ca/ocsp.h"
#include "text_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* What is asked and answered happens at this time; the clock is not looked at. */
static int64_t now;
static struct ca_issued card;
static struct verified verified;
static struct anchors *lonely; /* the roots, and no list */
static const char *lonely_folder;

/* What the responder does at each try. */
struct mood {
	enum ocsp_mode modes[4]; /* OCSP_SILENT: no answer */
	bool other_nonce;
	bool twisted; /* a byte of the answer is changed */
	int asked;
};

static err ask(
	void *arg, struct arena *arena, struct str url, struct str request, struct str *answer)
{
	struct mood *mood = arg;
	enum ocsp_mode mode = mood->modes[mood->asked++];
	assert_true(str_eq(url, STR("http://responder.example/")));
	if (mode == OCSP_SILENT)
		return err_make(ERR_UNAVAILABLE);
	if (mood->other_nonce) {
		struct str other = str_fmt(arena, "%032d", mood->asked);
		assert_int_equal(
			ocsp_request(arena, verified.anchor, &verified.cert, other, &request).code,
			OK);
	}
	assert_int_equal(ocsp_answer(&fixture.ca, arena, request, mode, now, answer).code, OK);
	if (mood->twisted) {
		struct str copy = str_dup(arena, *answer);
		char *bytes = arena_alloc(arena, copy.n);
		memcpy(bytes, copy.p, copy.n);
		bytes[copy.n / 2] ^= 1;
		*answer = str_make(bytes, copy.n);
	}
	return ok();
}

static enum idv_error fault_with(
	const struct anchors *anchors, struct mood *mood, struct revocation *found)
{
	struct responder responder = {STR("http://responder.example/"), ask, mood};
	enum idv_error fault = IDV_ERROR_internal;
	mood->asked = 0;
	assert_int_equal(evidence_revocation(
				 &fixture.arena, anchors, &responder, &verified, now, found, &fault)
				 .code,
		OK);
	return fault;
}

static void test_responder(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		struct mood mood;
		enum idv_error fault;
		int asked;
	} rows[] = {
		{"good", {{OCSP_GOOD}}, IDV_ERROR_NONE, 1},
		{"silent, then good", {{OCSP_SILENT, OCSP_GOOD}}, IDV_ERROR_NONE, 2},
		{"later, then good", {{OCSP_TRY_LATER, OCSP_GOOD}}, IDV_ERROR_NONE, 2},
		{"wrong, then good", {{OCSP_WRONG_SIGNER, OCSP_GOOD}}, IDV_ERROR_NONE, 2},
		{"unknown", {{OCSP_UNKNOWN, OCSP_GOOD}}, IDV_ERROR_revocation_unavailable, 1},
		{"silent", {{OCSP_SILENT, OCSP_SILENT, OCSP_GOOD}},
			IDV_ERROR_revocation_unavailable, 2},
		{"later", {{OCSP_TRY_LATER, OCSP_TRY_LATER, OCSP_GOOD}},
			IDV_ERROR_revocation_unavailable, 2},
		{"stale", {{OCSP_STALE, OCSP_STALE}}, IDV_ERROR_revocation_unavailable, 2},
		{"wrong signer", {{OCSP_WRONG_SIGNER, OCSP_WRONG_SIGNER}},
			IDV_ERROR_revocation_unavailable, 2},
		{"wrong delegate", {{OCSP_WRONG_DELEGATE, OCSP_WRONG_DELEGATE}},
			IDV_ERROR_revocation_unavailable, 2},
		{"wrong certId", {{OCSP_WRONG_CERTID, OCSP_WRONG_CERTID}},
			IDV_ERROR_revocation_unavailable, 2},
		{"no nonce", {{OCSP_NO_NONCE, OCSP_NO_NONCE}}, IDV_ERROR_revocation_unavailable, 2},
		{"garbage", {{OCSP_GARBAGE, OCSP_GARBAGE}}, IDV_ERROR_revocation_unavailable, 2},
		{"another nonce", {{OCSP_GOOD, OCSP_GOOD}, .other_nonce = true},
			IDV_ERROR_revocation_unavailable, 2},
		{"a byte changed", {{OCSP_GOOD, OCSP_GOOD}, .twisted = true},
			IDV_ERROR_revocation_unavailable, 2},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mood mood = rows[i].mood;
		struct revocation found = {.reason = 99};
		enum idv_error fault = fault_with(lonely, &mood, &found);
		if (fault != rows[i].fault || mood.asked != rows[i].asked)
			fail_msg("%s: %d after %d", rows[i].what, fault, mood.asked);
		bool said = rows[i].asked == 1 || fault == IDV_ERROR_NONE;
		assert_int_equal(found.reason, said ? -1 : 99);
	}
}

static void put_list(int64_t at)
{
	struct str der;
	assert_int_equal(
		ca_crl(&fixture.ca, &fixture.arena, CA_AUTH, CA_ROOT_1, at, &der).code, OK);
	put_file(str_c(&fixture.arena, str_fmt(&fixture.arena, "%s/crl-new", lonely_folder)), der);
	assert_int_equal(
		rename(str_c(&fixture.arena, str_fmt(&fixture.arena, "%s/crl-new", lonely_folder)),
			str_c(&fixture.arena,
				str_fmt(&fixture.arena, "%s/crl-1.der", lonely_folder))),
		0);
}

static void remove_list(void)
{
	assert_int_equal(unlink(str_c(&fixture.arena,
				 str_fmt(&fixture.arena, "%s/crl-1.der", lonely_folder))),
		0);
}

static void test_list_instead(void **state)
{
	(void)state;
	struct mood silent = {{OCSP_SILENT, OCSP_SILENT}}, unknown = {{OCSP_UNKNOWN}};
	struct revocation found;
	put_list(now);
	assert_int_equal(fault_with(lonely, &silent, &found), IDV_ERROR_NONE);
	assert_int_equal(silent.asked, 2);
	/* A responder that does not know it is not talked over by a list. */
	assert_int_equal(fault_with(lonely, &unknown, &found), IDV_ERROR_revocation_unavailable);
	assert_int_equal(found.status, REVOCATION_UNKNOWN);
	put_list(now - 26 * TIME_HOUR + TIME_MINUTE);
	assert_int_equal(fault_with(lonely, &silent, &found), IDV_ERROR_NONE);
	put_list(now - 26 * TIME_HOUR - TIME_MINUTE);
	assert_int_equal(fault_with(lonely, &silent, &found), IDV_ERROR_revocation_unavailable);
	put_list(now + TIME_HOUR);
	assert_int_equal(fault_with(lonely, &silent, &found), IDV_ERROR_revocation_unavailable);
	remove_list();
	assert_int_equal(fault_with(lonely, &silent, &found), IDV_ERROR_revocation_unavailable);
}

static void test_no_responder(void **state)
{
	(void)state;
	struct responder none = {0};
	struct revocation found;
	enum idv_error fault;
	assert_int_equal(
		evidence_revocation(&fixture.arena, lonely, &none, &verified, now, &found, &fault)
			.code,
		OK);
	assert_int_equal(fault, IDV_ERROR_revocation_unavailable);
	put_list(now);
	assert_int_equal(
		evidence_revocation(&fixture.arena, lonely, &none, &verified, now, &found, &fault)
			.code,
		OK);
	assert_int_equal(fault, IDV_ERROR_NONE);
	remove_list();
}

/* Nobody has to be asked about the applet: it has no certificate of the person. */
static void test_text_applet(void **state)
{
	(void)state;
	AUTO_VERIFIED struct verified text = {0};
	struct evidence evidence = text_card(right_items);
	struct mood silent = {{OCSP_SILENT, OCSP_SILENT}};
	struct responder responder = {STR("http://responder.example/"), ask, &silent};
	struct revocation found;
	enum idv_error fault;
	assert_int_equal(
		evidence_check(&fixture.arena, lonely, &evidence, now, &text, &fault).code, OK);
	assert_int_equal(fault, IDV_ERROR_NONE);
	assert_int_equal(
		evidence_revocation(&fixture.arena, lonely, &responder, &text, now, &found, &fault)
			.code,
		OK);
	assert_int_equal(fault, IDV_ERROR_NONE);
	assert_int_equal(silent.asked, 0);
}

/* ---- over HTTP ---- */

struct served {
	int listener;
	struct str said;
	char seen[2048];
};

/* One connection: its request is read, and this is said. */
static void *serve(void *arg)
{
	struct served *served = arg;
	int fd = accept(served->listener, NULL, NULL);
	size_t n = 0;
	while (n < sizeof served->seen - 1) {
		ssize_t got = read(fd, served->seen + n, sizeof served->seen - 1 - n);
		if (got <= 0)
			break;
		n += (size_t)got;
		served->seen[n] = '\0';
		if (strstr(served->seen, "\r\n\r\nrequest"))
			break;
	}
	ssize_t sent = write(fd, served->said.p, served->said.n);
	close(fd);
	return sent == (ssize_t)served->said.n ? arg : NULL;
}

static err ask_of(struct str said, char seen[2048], struct str *answer)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t n = sizeof address;
	struct served served = {.listener = socket(AF_INET, SOCK_STREAM, 0), .said = said};
	pthread_t thread;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(served.listener, (struct sockaddr *)&address, n), 0);
	assert_int_equal(listen(served.listener, 1), 0);
	assert_int_equal(getsockname(served.listener, (struct sockaddr *)&address, &n), 0);
	assert_int_equal(pthread_create(&thread, NULL, serve, &served), 0);
	struct str url =
		str_fmt(&fixture.arena, "http://127.0.0.1:%u/ocsp", ntohs(address.sin_port));
	err e = evidence_ask_http(NULL, &fixture.arena, url, STR("request"), answer);
	pthread_join(thread, NULL);
	close(served.listener);
	memcpy(seen, served.seen, 2048);
	return e;
}

static void test_http(void **state)
{
	(void)state;
	static const struct {
		struct str said;
		enum err_code code;
	} rows[] = {
		{STR_INIT(
			 "HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\n\r\nbytes"),
			OK},
		{STR_INIT("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nbytes"),
			ERR_UNAVAILABLE},
		{STR_INIT("HTTP/1.1 200 OK\r\n\r\nbytes"), ERR_UNAVAILABLE},
		{STR_INIT(
			 "HTTP/1.1 500 No\r\nContent-Type: application/ocsp-response\r\n\r\nbytes"),
			ERR_UNAVAILABLE},
		{STR_INIT("HTTP/1.1 302 Go\r\nContent-Type: application/ocsp-response\r\nLocation: "
			  "http://127.0.0.1:1/\r\n\r\nbytes"),
			ERR_UNAVAILABLE},
		{STR_INIT(""), ERR_UNAVAILABLE},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str answer = STR("kept");
		char seen[2048];
		err e = ask_of(rows[i].said, seen, &answer);
		if (e.code != rows[i].code)
			fail_msg("row %zu: %s", i, err_name(e.code));
		assert_true(str_eq(answer, failed(e) ? STR("kept") : STR("bytes")));
		assert_true(str_starts(str_of(seen), STR("POST /ocsp HTTP/1.1\r\n")));
		assert_non_null(strstr(seen, "Content-Type: application/ocsp-request\r\n"));
	}
}

/* The last one: it changes the authority. */
static void test_revoked(void **state)
{
	(void)state;
	struct revocation found;
	int64_t at = now / TIME_SECOND * TIME_SECOND - TIME_HOUR;
	assert_int_equal(ca_revoke(&fixture.ca, card.serial, CA_AFFILIATION, at).code, OK);
	struct mood mood = {{OCSP_GOOD}}, silent = {{OCSP_SILENT, OCSP_SILENT}};
	assert_int_equal(fault_with(lonely, &mood, &found), IDV_ERROR_cert_revoked);
	assert_int_equal(found.reason, CA_AFFILIATION);
	assert_true(found.revoked_at == at);
	put_list(now);
	found = (struct revocation){0};
	assert_int_equal(fault_with(lonely, &silent, &found), IDV_ERROR_cert_revoked);
	assert_int_equal(found.reason, CA_AFFILIATION);
	remove_list();
}

static int set_up(void **state)
{
	enum idv_error fault;
	if (card_setup(state) || failed(net_init()))
		return -1;
	now = NOW;
	lonely_folder = in_folder("lonely");
	if (mkdir(lonely_folder, 0700) != 0)
		return -1;
	static const char *const files[] = {"auth-1.pem", "sign-1.pem", "cv-1.bin"};
	for (size_t i = 0; i < COUNT(files); i++)
		put_file(str_c(&fixture.arena,
				 str_fmt(&fixture.arena, "%s/%s", lonely_folder, files[i])),
			ca_file(str_c(
				&fixture.arena, str_fmt(&fixture.arena, "anchors/%s", files[i]))));
	struct anchors_conf conf = {lonely_folder, ANCHORS_SIMULATION, false};
	struct ca_request request = {
		CA_AUTH, CA_ROOT_1, &somebody, now - TIME_DAY, now + TIME_DAY, now - TIME_DAY};
	if (failed(anchors_load(&conf, &lonely)) ||
		failed(ca_issue(&fixture.ca, &fixture.arena, &request, &card)))
		return -1;
	struct evidence evidence = {.method = EVIDENCE_JPKI_AUTH,
		.cert = card.cert,
		.statement = STATEMENT,
		.signature = sign_with(card.key, STATEMENT, false)};
	return failed(evidence_check(&fixture.arena, lonely, &evidence, now, &verified, &fault)) ||
	       fault != IDV_ERROR_NONE;
}

static int tear_down(void **state)
{
	verified_release(&verified);
	anchors_free(lonely);
	return card_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_responder),
		cmocka_unit_test(test_list_instead),
		cmocka_unit_test(test_no_responder),
		cmocka_unit_test(test_text_applet),
		cmocka_unit_test(test_http),
		cmocka_unit_test(test_revoked),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
