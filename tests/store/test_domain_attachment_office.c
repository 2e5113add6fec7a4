/* What was attached, as the office gets it: who may, what is noted, what is said of a file, and how it is named. */
#include "domain_support.h"

#include "base/limits.h"
#include "crypto/digest.h"
#include "domain/application/amend.h"
#include "domain/attachment/attachment_office.h"
#include "domain/audit.h"

struct sent {
	int64_t account;
	struct str reference;
};

static struct cx *as(struct world *world, int64_t account)
{
	struct cx *cx = cx_fresh(world);
	cx_become(cx, account);
	return cx;
}

static struct cx *officer(struct world *world)
{
	struct cx *cx = cx_fresh(world);
	cx->actor.kind = ACTOR_OPERATOR;
	return cx;
}

static void active_file_add(struct cx *cx, int64_t draft_id)
{
	struct attachment_begun begun;
	struct attachment there;
	struct str digest = sha256_hex(cx->arena, STR("scripts"));
	assert_ok(attachment_begin(cx,
		&(struct attachment_begin){.draft_id = draft_id, .document = STR("reason_letter"), .name = STR("手紙.pdf"), .size = 7}, &begun));
	assert_ok(attachment_complete(cx, &begun.attachment, 7, digest, &there));
	assert_ok(attachment_verdict(cx, &there,
		&(struct attachment_verdict){.blob = digest, .kept_size = 7, .kept_digest = digest, .pages = 3, .active = true}));
}

/* An application with a photo, and a letter that has scripts in it. */
static struct sent sent_of(struct world *world, const char *email)
{
	struct sent sent = {.account = account_add(world, email, NULL)};
	struct issues issues;
	struct receipt receipt;
	struct draft draft;
	draft_fill(world, as(world, sent.account), &draft);
	draft.submission_token = str_dup(&world->arena, draft.submission_token);
	active_file_add(as(world, sent.account), draft.id);
	assert_ok(application_submit(as(world, sent.account), draft.id, draft.submission_token, &issues, &receipt));
	assert_int_equal(issues.refusals, 0);
	sent.reference = str_dup(&world->arena, receipt.reference);
	return sent;
}

static int64_t read_out(struct world *world)
{
	return db_number(world->db, "SELECT count(*) FROM audit_entry WHERE event = 'attachment_read'");
}

static void each_reading_is_noted(void **state)
{
	struct world *world = *state;
	struct sent sent = sent_of(world, "a@example.jp");
	struct application application;
	struct attachments list;
	struct cx *cx = officer(world);
	assert_ok(application_require(cx, sent.reference, RIGHT_VIEW, &application));
	assert_ok(attachment_list_of(cx, application.account_id, application.id, &list));
	cx_end(cx);
	assert_int_equal(read_out(world), 0); /* a look at the list is no reading */
	for (int i = 1; i <= 2; i++) {
		assert_ok(attachment_hand_out(cx, &application, &list));
		assert_int_equal(list.n, 2);
		assert_int_equal(read_out(world), 2 * i);
	}
	struct str wanted = str_fmt(&world->arena, "SELECT count(*) FROM audit_entry WHERE event = 'attachment_read' AND object = 'attachment' AND account_id = %lld AND detail = 'reason_letter " STR_FMT "'",
		(long long)sent.account, STR_ARG(sha256_hex(&world->arena, STR("scripts"))));
	assert_int_equal(db_number(world->db, str_c(&world->arena, wanted)), 2);
	struct audit_report report;
	assert_ok(audit_verify(cx_fresh(world), &report));
	assert_true(report.good);
	/* the one who sent them has a page of their own */
	cx = as(world, sent.account);
	assert_err(attachment_hand_out(cx, &application, &list), ERR_DENIED);
	assert_err(attachment_hand_out(cx_fresh(world), &application, &list), ERR_DENIED);
	assert_int_equal(read_out(world), 4);
}

static const struct attachment *letter(const struct attachments *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->v[i].document, STR("reason_letter")))
			return &list->v[i];
	fail_msg("no letter");
	return NULL;
}

/* What the check has found stays with the file: in the application, and in the draft in which that is modified. */
static void what_is_active_stays_so(void **state)
{
	struct world *world = *state;
	struct sent sent = sent_of(world, "a@example.jp");
	struct str items[] = {STR("photo")};
	struct application application;
	struct attachments list;
	int64_t draft;
	struct cx *cx = officer(world);
	assert_ok(application_require(cx, sent.reference, RIGHT_VIEW, &application));
	assert_ok(attachment_list_of(cx, application.account_id, application.id, &list));
	assert_str(attachment_verdict_words(cx->arena, letter(&list)), STR("ok,pages=3,active"));
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].photo)
			assert_str(attachment_verdict_words(cx->arena, &list.v[i]), STR("ok"));
	cx_end(cx);
	assert_ok(amend_return(cx, sent.reference, &(struct amend_items){items, 1}, STR("a new photo, please")));
	assert_ok(amend_begin(as(world, sent.account), sent.reference, &draft));
	assert_ok(attachment_list(as(world, sent.account), draft, &list));
	assert_true(letter(&list)->active);
	assert_str(attachment_verdict_words(world->cx.arena, &(struct attachment){.state = ATTACHMENT_NOT_NEEDED}), STR("not_needed"));
}

static void names_for_a_disk(void **state)
{
	static const struct {
		const char *name, *wanted;
		bool photo;
	} table[] = {
		{"transcript.pdf", "07-transcript.pdf", false},
		{"成績証明書 2026.PDF", "07-成績証明書 2026.pdf", false},
		{"face.jpeg", "07-face.jpg", true},
		{"face.pdf", "07-face.jpg", true},
		{"no ending", "07-no ending.pdf", false},
		{"run.exe", "07-run.exe.pdf", false},
		{"-rf", "07--rf.pdf", false},
		{".bashrc", "07-.bashrc.pdf", false},
		{"a/b\\c:d*e?f\"g<h>i|j'k`l$m&n;o!.pdf", "07-a_b_c_d_e_f_g_h_i_j_k_l_m_n_o_.pdf", false},
		{".pdf", "07-.pdf", false},
		{"file", "07-file.pdf", false},
	};
	struct world *world = *state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct attachment file = {.name = str_of(table[i].name), .photo = table[i].photo};
		assert_string_equal(attachment_file_name(&world->arena, 7, &file), table[i].wanted);
	}
	/* at, below and above the limit; never in the midst of a sign */
	for (size_t n = LIMIT_FILE_STEM - 1; n <= LIMIT_FILE_STEM + 1; n++) {
		char *name = arena_alloc(&world->arena, n);
		memset(name, 'a', n);
		struct attachment file = {.name = str_make(name, n)};
		size_t most = n < LIMIT_FILE_STEM ? n : LIMIT_FILE_STEM;
		assert_int_equal(strlen(attachment_file_name(&world->arena, 100, &file)), 4 + most + 4);
		memcpy(name + n - 3, "紙", 3);
		assert_int_equal(strlen(attachment_file_name(&world->arena, 100, &file)), 4 + (n <= LIMIT_FILE_STEM ? n : n - 3) + 4);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(each_reading_is_noted),
		IN_BOTH(what_is_active_stays_so),
		IN_SQLITE(names_for_a_disk),
	};
	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
