/* Two pages of one section: what each of them changed stays. */
#include "domain/form/form_merge.h"
#include "form_fixture.h"

/* A page of the section, made from what the fixture's answers are now. */
struct page {
	struct fixture *fixture;
	const struct section *section;
	struct str marks;
	struct answers answers;
	const enum form_merged *merged;
	size_t conflict_count;
	const struct field *conflict; /* the last */
};

static void page_open(struct fixture *fixture, const char *section, struct page *page)
{
	struct buf marks;

	*page = (struct page){fixture, procedure_section(fixture->sample, str_of(section)), .answers = {.arena = &fixture->arena}};
	buf_init(&marks, &fixture->arena, 4096);
	form_marks_write(&marks, page->section, &fixture->answers);
	page->marks = buf_view(&marks);
	answers_copy(&fixture->answers, &page->answers);
}

static void types(struct page *page, const char *path, const char *value)
{
	answers_set(&page->answers, str_of(path), str_of(value));
}

static void page_sends(struct page *page)
{
	page->merged = form_merge(&(struct form_merge){page->section, page->marks, &page->fixture->answers}, &page->fixture->arena, &page->answers);
	for (size_t i = 0; i < page->section->field_count; i++) {
		if (page->merged[i] != MERGED_BOTH)
			continue;
		page->conflict_count++;
		page->conflict = page->section->fields[i];
	}
}

static void expect_answer(const struct page *page, const char *path, const char *wanted)
{
	expect_str(answers_get(&page->answers, str_of(path)), wanted, path);
}

static void what_one_page_changed(void **state)
{
	struct page page;

	answer(*state, "name", "MAI");
	answer(*state, "reason", "old");
	page_open(*state, "person", &page);
	types(&page, "name", "MAI TRAN");
	types(&page, "free", "new");
	types(&page, "reason", "");
	page_sends(&page);
	assert_int_equal(page.conflict_count, 0);
	expect_answer(&page, "name", "MAI TRAN");
	expect_answer(&page, "free", "new");
	expect_answer(&page, "reason", "");
}

static void what_the_other_changed_stays(void **state)
{
	struct page page;

	answer(*state, "name", "MAI");
	answer(*state, "reason", "old");
	answer(*state, "free", "gone soon");
	page_open(*state, "person", &page);
	answer(*state, "reason", "newer");
	answer(*state, "times", "3");
	answer(*state, "free", "");
	types(&page, "name", "MAI TRAN");
	page_sends(&page);
	assert_int_equal(page.conflict_count, 0);
	expect_answer(&page, "name", "MAI TRAN");
	expect_answer(&page, "reason", "newer");
	expect_answer(&page, "times", "3");
	expect_answer(&page, "free", "");
	for (size_t i = 0; i < page.section->field_count; i++) {
		struct str id = page.section->fields[i]->id;
		bool there = str_eq(id, STR("reason")) || str_eq(id, STR("times")) || str_eq(id, STR("free"));

		assert_int_equal(page.merged[i], there ? MERGED_THERE : MERGED_HERE);
	}
}

static void both_changed_it(void **state)
{
	struct page page;

	answer(*state, "name", "MAI");
	answer(*state, "reason", "old");
	page_open(*state, "person", &page);
	answer(*state, "reason", "there");
	answer(*state, "times", "3");
	answer(*state, "name", "MAI TRAN");
	types(&page, "reason", "here");
	types(&page, "times", "3"); /* the same on both: no question */
	page_sends(&page);
	assert_int_equal(page.conflict_count, 1);
	expect_str(page.conflict->id, "reason", "conflict");
	expect_answer(&page, "reason", "here");
	expect_answer(&page, "name", "MAI TRAN");
	expect_answer(&page, "times", "3");
	/* One cleared what the other wrote on. */
	page_open(*state, "person", &page);
	answer(*state, "reason", "");
	types(&page, "reason", "there and here");
	page_sends(&page);
	assert_int_equal(page.conflict_count, 1);
}

static void rows(void **state)
{
	struct page page;

	answer(*state, "has_family", "yes");
	answer(*state, "family.0.name", "ANNA");
	page_open(*state, "family", &page);
	/* The other page adds a row, and takes the first one away: here the rows are as they are there. */
	answer(*state, "family.0.name", "BEN");
	answer(*state, "family.0.hours", "4");
	answer(*state, "family.1.name", "CLEO");
	types(&page, "hobbies.0.what", "go");
	page_sends(&page);
	assert_int_equal(page.conflict_count, 0);
	expect_answer(&page, "family.0.name", "BEN");
	expect_answer(&page, "family.0.hours", "4");
	expect_answer(&page, "family.1.name", "CLEO");
	expect_answer(&page, "hobbies.0.what", "go");
	/* Rows went there. */
	page_open(*state, "family", &page);
	answer(*state, "family.1.name", "");
	page_sends(&page);
	assert_int_equal(page.conflict_count, 0);
	expect_answer(&page, "family.1.name", "");
	/* Both changed rows: no row is lost without a word. */
	page_open(*state, "family", &page);
	answer(*state, "family.1.name", "DORA");
	types(&page, "family.0.name", "BENJAMIN");
	page_sends(&page);
	assert_int_equal(page.conflict_count, 1);
	expect_str(page.conflict->id, "family", "conflict");
	expect_answer(&page, "family.0.name", "BENJAMIN");
	/* A value that moves to another field of its row is a change. */
	page_open(*state, "family", &page);
	answer(*state, "family.0.name", "4");
	answer(*state, "family.0.hours", "BEN");
	page_sends(&page);
	expect_answer(&page, "family.0.name", "4");
	expect_answer(&page, "family.0.hours", "BEN");
}

static void marks_that_are_none(void **state)
{
	static const char *const marks[] = {"", "AAAA", "no marks at all"};
	struct page page;

	answer(*state, "reason", "old");
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		page_open(*state, "person", &page);
		answer(*state, "reason", "newer");
		page.marks = str_of(marks[i]);
		page_sends(&page);
		assert_int_equal(page.conflict_count, 0);
		expect_answer(&page, "reason", "old");
		answer(*state, "reason", "old");
	}
	/* As many as there should be, of another page: what differs is asked about, nothing is lost. */
	page_open(*state, "person", &page);
	char *forged = arena_alloc(page.answers.arena, page.marks.n);

	memset(forged, 'A', page.marks.n);
	page.marks.p = forged;
	answer(*state, "reason", "newer");
	page_sends(&page);
	assert_int_equal(page.conflict_count, 1);
	expect_answer(&page, "reason", "old");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(what_one_page_changed),
		with_fixture(what_the_other_changed_stays),
		with_fixture(both_changed_it),
		with_fixture(rows),
		with_fixture(marks_that_are_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
