#include "amend_support.h"
#include "card_support.h"

#include "base/buf.h"
#include "domain/definition/archive.h"

#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

/*
 * An application that is modified by a newer version of its form, and what its columns say afterwards: nothing that was submitted is lost,
 * and everything says the same. On both engines.
 */

/* ---- a small form in three versions ---- */

#define TEXT(en) "{ja: \"ほん\", en: \"" en "\"}"
#define HEAD                                                                                                                        \
	"code: 試\ntitle: " TEXT("Book") "\nshort_title: " TEXT("Book") "\nsummary: " TEXT("Book") "\nexplanation: " TEXT("Book") "\n" \
	"contact: " TEXT("Book") "\nterms: " TEXT("Book") "\nneeds: " TEXT("Book") "\nafter: " TEXT("Book") "\n"                        \
	"reception: {from: 0, until: 0}\nuser_types: [foreign_national]\nname_field: name\nemail_field: email\n"
#define SECTION(id) "  - id: " id "\n    title: " TEXT("Part") "\n    minutes: 1\n    fields:\n"
#define FIELD(id, more) "      - {id: " id ", label: " TEXT("Question") ", " more "}\n"
#define EMAIL(id, again) FIELD(id, "type: email, required: true") FIELD(again, "type: email, required: true, same_as: " id)

static const char *const versions[] = {
	HEAD "choices:\n  cover: [{value: hard, ja: \"かたい\", en: \"Hard\"}, {value: soft, ja: \"やわらかい\", en: \"Soft\"}]\nsections:\n"
	SECTION("reader") FIELD("name", "type: text, required: true, max_length: 50") EMAIL("email", "email_again")
	SECTION("book") FIELD("book_name", "type: text, required: true, max_length: 60") FIELD("cover", "type: radio, required: true, choices: cover")
	FIELD("plot", "type: text, max_length: 200") FIELD("days", "type: number, required: true, max: 30"),
	/* the name and the value of the cover have moved, the plot is not asked any more, the shelf is new */
	HEAD "choices:\n  cover: [{value: hardback, ja: \"かたい\", en: \"Hard\"}, {value: soft, ja: \"やわらかい\", en: \"Soft\"}]\nsections:\n"
	SECTION("reader") FIELD("name", "type: text, required: true, max_length: 50") EMAIL("email", "email_again")
	SECTION("book") FIELD("title", "type: text, required: true, max_length: 60") FIELD("cover", "type: radio, required: true, choices: cover")
	FIELD("shelf", "type: text, required: true, max_length: 20") FIELD("days", "type: number, required: true, max: 30")
	"moved:\n  - {from: book_name, to: title}\n  - {field: cover, values: {hard: hardback}}\n",
};

struct library {
	struct world *world;
	char folder[64];
	struct sent sent;
};

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
	(void)about;
	(void)kind;
	(void)at;
	return remove(path);
}

/* As the program does when it starts with these definitions. */
static void publish(struct library *library, const char *definition)
{
	struct world *world = library->world;
	struct definition_problems problems = {0};
	char path[100];
	snprintf(path, sizeof path, "%s/book/procedure.yaml", library->folder);
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(definition, file) >= 0);
	assert_int_equal(fclose(file), 0);
	buf_init(&problems.text, &world->arena, 1u << 20);
	if (failed(catalogue_read(&world->arena, library->folder, &problems, &world->catalogue)))
		fail_msg(STR_FMT, STR_ARG(buf_view(&problems.text)));
	assert_ok(archive_publish(officer(world), library->folder));
}

static void library_open(struct library *library, struct world *world)
{
	char path[100];
	*library = (struct library){.world = world};
	world->portal.archive = archive_new();
	snprintf(library->folder, sizeof library->folder, "/tmp/amend-test.XXXXXX");
	assert_non_null(mkdtemp(library->folder));
	snprintf(path, sizeof path, "%s/book", library->folder);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/codes", library->folder);
	assert_int_equal(mkdir(path, 0700), 0);
	publish(library, versions[0]);
}

static void library_close(struct library *library)
{
	archive_free(library->world->portal.archive);
	assert_int_equal(nftw(library->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static const char *const book[][2] = {{"name", "NGUYEN THI MAI"}, {"email", "mai@example.jp"}, {"email_again", "mai@example.jp"}, {"book_name", "The Pillow Book"},
	{"cover", "hard"}, {"plot", "A lady writes lists."}, {"days", "7"}};

static void borrow(struct library *library)
{
	struct world *world = library->world;
	struct answers answers;
	struct draft draft;
	struct receipt receipt;
	int64_t id = 0;
	library->sent.account = account_add(world, "a@example.jp", NULL);
	struct cx *cx = as(world, library->sent.account);
	assert_ok(draft_create(cx, STR("book"), &id));
	assert_ok(draft_require(cx, id, &draft));
	answers_init(&answers, cx->arena);
	for (size_t i = 0; i < sizeof book / sizeof *book; i++)
		answers_set(&answers, str_of(book[i][0]), str_of(book[i][1]));
	draft_put(cx, &draft, &answers);
	assert_ok(pressed(cx, id, str_dup(&world->arena, draft.submission_token), &receipt));
	library->sent.reference = str_dup(&world->arena, receipt.reference);
	library->sent.application = receipt.application_id;
}

static void change(struct world *world, const struct sent *sent, int64_t draft_id, const char *id, const char *value)
{
	struct cx *cx = as(world, sent->account);
	struct draft draft;
	struct draft_saved saved;
	struct answers answers;
	assert_ok(draft_require(cx, draft_id, &draft));
	const struct field *field = procedure_field(draft.procedure, str_of(id));
	assert_non_null(field);
	answers_init(&answers, cx->arena);
	answers_set(&answers, field->id, str_of(value));
	assert_ok(draft_save(cx,
		&(struct draft_save){.id = draft_id, .revision = draft.revision, .overwrite = true, .section = field->section->id, .fields = &field, .field_count = 1, .answers = &answers},
		&saved));
}

static void assert_says(const struct application *application, const char *path, const char *value)
{
	assert_str(answers_get(&application->answers, str_of(path)), str_of(value));
}

/* Only the open question is as it is in the draft; all else is as it was submitted, under the new names. */
static void a_newer_form_loses_nothing(void **state)
{
	struct world *world = *state;
	struct library library;
	struct application application, before;
	struct draft draft;
	struct receipt receipt;
	struct str token;
	struct history_entry *history;
	struct draft_changes changes;
	size_t n;
	static const char *const days[] = {"field:days"};
	library_open(&library, world);
	borrow(&library);
	publish(&library, versions[1]);
	assert_ok(send_back(world, &library.sent, days, 1, ""));
	int64_t id = begun(world, &library.sent, &token);
	/* the person is told before anything is left out */
	struct cx *cx = as(world, library.sent.account);
	assert_ok(draft_require(cx, id, &draft));
	assert_true(draft.outdated);
	assert_str(answers_get(&draft.answers, STR("title")), STR("The Pillow Book"));
	assert_ok(draft_changes(cx, &draft, &changes));
	assert_non_null(changes.before);
	assert_err(pressed(as(world, library.sent.account), id, token, &receipt), ERR_CONFLICT);
	assert_ok(draft_renew(as(world, library.sent.account), id));
	change(world, &library.sent, id, "days", "14");
	assert_ok(pressed(as(world, library.sent.account), id, token, &receipt));
	cx = as(world, library.sent.account);
	assert_ok(application_require(cx, library.sent.reference, RIGHT_VIEW, &application));
	assert_str(application.version, catalogue_find(&world->catalogue, STR("book"))->version);
	assert_true(application.version_is_current);
	assert_says(&application, "title", "The Pillow Book");
	assert_says(&application, "cover", "hardback");
	assert_says(&application, "days", "14");
	assert_says(&application, "name", "NGUYEN THI MAI");
	assert_int_equal(answers_get(&application.answers, STR("shelf")).n, 0);
	/* what is not asked any more is with what was, in full, as it was asked */
	assert_ok(application_history(cx, &application, &history, &n));
	assert_int_equal(n, 3);
	assert_int_equal(history[0].before, 0);
	assert_int_equal(history[1].event, EVENT_RETURN);
	assert_int_not_equal(history[1].before, 0);
	assert_int_equal(history[2].before, 0);
	assert_ok(application_before(cx, library.sent.reference, RIGHT_VIEW, history[1].before, &before));
	assert_str(before.receipt.procedure->version, before.version);
	assert_false(str_eq(before.version, application.version));
	for (size_t i = 0; i < sizeof book / sizeof *book; i++)
		if (strcmp(book[i][0], "email_again") != 0)
			assert_says(&before, book[i][0], book[i][1]);
	assert_err(application_before(cx, library.sent.reference, RIGHT_VIEW, history[2].before, &before), ERR_NOT_FOUND);
	int64_t other = account_add(world, "b@example.jp", NULL);
	assert_err(application_before(as(world, other), library.sent.reference, RIGHT_VIEW, history[1].before, &before), ERR_NOT_FOUND);
	library_close(&library);
}

/* The form changes while it is being modified: the open question is open where it stands now. */
static void what_is_open_moves_with_its_question(void **state)
{
	struct world *world = *state;
	struct library library;
	struct application application;
	struct amend_items items;
	struct draft draft;
	struct receipt receipt;
	struct str token;
	static const char *const open[] = {"field:book_name", "field:plot", "field:email"};
	library_open(&library, world);
	borrow(&library);
	assert_ok(send_back(world, &library.sent, open, 3, ""));
	int64_t id = begun(world, &library.sent, &token);
	change(world, &library.sent, id, "book_name", "The Tale of Genji");
	change(world, &library.sent, id, "plot", "A prince is in love.");
	publish(&library, versions[1]);
	struct cx *cx = as(world, library.sent.account);
	assert_ok(amend_items(cx, catalogue_find(&world->catalogue, STR("book")), library.sent.account, library.sent.application, &items));
	assert_int_equal(items.n, 3);
	assert_str(items.v[0], STR("field:title"));
	assert_ok(draft_require(cx, id, &draft));
	assert_true(amend_shows(draft.procedure, procedure_field(draft.procedure, STR("title"))));
	assert_false(amend_shows(draft.procedure, procedure_field(draft.procedure, STR("cover"))));
	assert_str(answers_get(&draft.answers, STR("title")), STR("The Tale of Genji"));
	assert_err(pressed(as(world, library.sent.account), id, token, &receipt), ERR_CONFLICT);
	assert_ok(draft_renew(as(world, library.sent.account), id));
	assert_ok(pressed(as(world, library.sent.account), id, token, &receipt));
	assert_ok(application_require(as(world, library.sent.account), library.sent.reference, RIGHT_VIEW, &application));
	assert_says(&application, "title", "The Tale of Genji");
	assert_says(&application, "cover", "hardback");
	assert_says(&application, "email", "mai@example.jp");
	library_close(&library);
}

/* ---- closed answers ---- */

/* A draft that says otherwise, as none of ours would. */
static void draft_spoil(struct world *world, const struct sent *sent, int64_t id, const struct answers *answers)
{
	struct cx *cx = as(world, sent->account);
	struct buf sql;
	struct str sealed = draft_answers_seal(cx, id, answers);
	buf_init(&sql, &world->arena, 4 * sealed.n + 200);
	buf_fmt(&sql, "UPDATE draft SET answers = %s", world->db->is_pg ? "'\\x" : "x'");
	for (size_t i = 0; i < sealed.n; i++)
		buf_fmt(&sql, "%02x", (unsigned)(unsigned char)sealed.p[i]);
	buf_fmt(&sql, "' WHERE id = %lld", (long long)id);
	db_exec(world->db, str_c(&world->arena, buf_view(&sql)));
}

static void closed_answers_are_those_of_the_application(void **state)
{
	struct world *world = *state;
	struct sent sent = submitted(world);
	struct application application;
	struct draft draft;
	struct receipt receipt;
	struct str token;
	static const char *const phone[] = {"field:phone"};
	assert_ok(send_back(world, &sent, phone, 1, ""));
	int64_t id = begun(world, &sent, &token);
	struct cx *cx = as(world, sent.account);
	assert_ok(draft_require(cx, id, &draft));
	struct answers spoilt = {.arena = cx->arena};
	answers_copy(&draft.answers, &spoilt);
	answers_set(&spoilt, STR("card_no"), STR("ZZ99999999ZZ"));
	answers_set(&spoilt, STR("reason"), STR(""));
	answers_set(&spoilt, STR("phone"), STR("0975550000"));
	draft_spoil(world, &sent, id, &spoilt);
	/* the confirmation shows what will be submitted */
	assert_ok(draft_require(as(world, sent.account), id, &draft));
	assert_str(answers_get(&draft.answers, STR("card_no")), STR("AB12345678CD"));
	assert_ok(pressed(as(world, sent.account), id, token, &receipt));
	assert_ok(application_require(as(world, sent.account), sent.reference, RIGHT_VIEW, &application));
	assert_says(&application, "card_no", "AB12345678CD");
	assert_says(&application, "reason", "引き続きあおぞら大学で勉学するため");
	assert_says(&application, "phone", "0975550000");
}

/* The world with an extension for which no request for use is needed, in that version. */
static void extension_of(struct world *world, const char *version)
{
	struct procedure *extension = arena_new(&world->arena, struct procedure);
	*extension = *catalogue_find(&world->catalogue, STR("extension"));
	extension->use = USE_NONE;
	extension->version = str_of(version);
	map_init(&world->catalogue.by_id, &world->arena);
	map_put(&world->catalogue.by_id, extension->id, extension);
}

static void assert_from_card(const struct answers *answers, const struct basic4 *card)
{
	assert_str(answers_get(answers, STR("birth_date")), STR("20030409"));
	assert_str(answers_get(answers, STR("address")), card->address);
	assert_true(answers_held(answers, STR("birth_date")));
	assert_true(answers_held(answers, STR("address")));
	assert_true(answers->card);
}

/* Opened or closed, and by whatever version: what a card gave is not typed. */
static void what_a_card_gave_stays(void **state)
{
	struct world *world = *state;
	struct sent sent = {.account = account_add(world, "a@example.jp", NULL)};
	struct basic4 card = card_of("NGUYEN　THI　MAI");
	struct application application;
	struct draft draft;
	struct receipt receipt;
	struct str token;
	static const char *const open[] = {"field:birth_date", "field:phone"};
	int64_t id = 0;
	cards_on(world);
	struct cx *cx = cx_fresh(world);
	cx_log_in(cx, "a@example.jp");
	assert_ok(draft_create(cx, STR("usage"), &id)); /* what the card is linked by */
	card_read_for(world, cx, id, "mai", &card);
	extension_of(world, "one");
	id = draft_fill(world, cx, &draft);
	assert_int_equal(basic4_read_for(world, cx, id, &card), IDV_DONE);
	assert_ok(pressed(as(world, sent.account), id, str_dup(&world->arena, draft.submission_token), &receipt));
	sent.reference = str_dup(&world->arena, receipt.reference);
	assert_ok(send_back(world, &sent, open, 2, ""));
	for (int version = 1; version <= 2; version++) {
		id = begun(world, &sent, &token);
		change(world, &sent, id, "phone", "0975550000");
		change(world, &sent, id, "birth_date", "19990101");
		assert_ok(draft_require(as(world, sent.account), id, &draft));
		assert_from_card(&draft.answers, &card);
		extension_of(world, "two");
	}
	assert_ok(draft_renew(as(world, sent.account), id));
	assert_ok(pressed(as(world, sent.account), id, token, &receipt));
	assert_ok(application_require(as(world, sent.account), sent.reference, RIGHT_VIEW, &application));
	assert_from_card(&application.answers, &card);
	assert_says(&application, "phone", "0975550000");
}

/* ---- what the columns say ---- */

static size_t found(struct world *world, const struct sent *sent, const char *words)
{
	struct application_list list;
	assert_ok(application_list(as(world, sent->account), &(struct application_search){.related = str_of(words), .per_page = 10}, &list));
	return list.n;
}

static void what_is_corrected_is_said_everywhere(void **state)
{
	struct world *world = *state;
	struct sent sent = submitted(world);
	struct application application, before;
	struct application_list list;
	struct history_entry *history;
	struct receipt receipt;
	struct str token;
	size_t n;
	static const char *const open[] = {"field:name", "field:receipt_office", "field:notify_email"};
	assert_ok(send_back(world, &sent, open, 3, ""));
	mail_take(world, MAIL_APPLICATION_RETURNED);
	mail_take(world, MAIL_APPLICATION_RETURNED);
	int64_t id = begun(world, &sent, &token);
	struct str number = str_trim(str_dup(&world->arena, str_of(db_dump(world->db, "SELECT temporary_no FROM application"))));
	change(world, &sent, id, "name", "TRAN VAN BINH");
	change(world, &sent, id, "receipt_office", "fukuoka_kumamoto");
	change(world, &sent, id, "notify_email", "binh@example.jp");
	change(world, &sent, id, "notify_email_confirm", "binh@example.jp");
	assert_ok(pressed(as(world, sent.account), id, token, &receipt));
	/* the receipt */
	assert_str(receipt.name, STR("TRAN VAN BINH"));
	assert_str(receipt.office, STR("fukuoka_kumamoto"));
	assert_str(receipt.email, STR("binh@example.jp"));
	assert_str(receipt.reference, sent.reference);
	assert_str(receipt.temporary_no, number);
	/* the list and its search */
	assert_int_equal(found(world, &sent, "binh"), 1);
	assert_int_equal(found(world, &sent, "nguyen"), 0);
	assert_int_equal(found(world, &sent, str_c(&world->arena, sent.reference)), 1);
	assert_int_equal(found(world, &sent, str_c(&world->arena, number)), 1);
	assert_ok(application_list(as(world, sent.account), &(struct application_search){.per_page = 10}, &list));
	assert_str(list.v[0].name, STR("TRAN VAN BINH"));
	/* the mails: to the new address and to the account's */
	mail_take(world, MAIL_APPLICATION_AGAIN);
	mail_take(world, MAIL_APPLICATION_AGAIN);
	assert_int_equal(db_number(world->db, "SELECT count(DISTINCT recipient) FROM outbox WHERE template = 'application_again'"), 2);
	struct cx *cx = as(world, sent.account);
	assert_ok(application_require(cx, sent.reference, RIGHT_VIEW, &application));
	assert_str(application.receipt.office, STR("fukuoka_kumamoto"));
	/* and what was is there */
	assert_ok(application_history(cx, &application, &history, &n));
	assert_ok(application_before(cx, sent.reference, RIGHT_VIEW, history[1].before, &before));
	assert_str(before.receipt.name, STR("NGUYEN THI MAI"));
	assert_str(before.receipt.office, STR("fukuoka_oita"));
	assert_str(before.receipt.email, STR("mai@example.jp"));
	assert_says(&before, "name", "NGUYEN THI MAI");
	assert_says(&application, "name", "TRAN VAN BINH");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(a_newer_form_loses_nothing),
		IN_BOTH(what_is_open_moves_with_its_question),
		IN_BOTH(closed_answers_are_those_of_the_application),
		IN_BOTH(what_a_card_gave_stays),
		IN_BOTH(what_is_corrected_is_said_everywhere),
	};
	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
