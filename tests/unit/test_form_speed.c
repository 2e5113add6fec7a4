/* Prints what a form of 274 questions costs; nothing is asserted about time. What is asserted is that it is checked at all. */
#include "form_fixture.h"

#include "base/time.h"

#define QUESTIONS 274
#define ROUNDS 2000

static const char head[] =
	"code: 試\n"
	"title: {ja: あ, en: A}\nshort_title: {ja: あ, en: A}\nsummary: {ja: あ, en: A}\nexplanation: {ja: あ, en: A}\n"
	"contact: {ja: あ, en: A}\nterms: {ja: あ, en: A}\nneeds: {ja: あ, en: A}\nafter: {ja: あ, en: A}\n"
	"reception: {from: 0, until: 0}\nuser_types: [foreign_national]\n"
	"office_field: office\nname_field: name\nemail_field: email\n"
	"choices:\n  abc: [{value: a, ja: あ, en: A}, {value: b, ja: い, en: B}]\n"
	"sections:\n";

/* A kind of question, and an answer to it that is right. */
static const struct {
	const char *rest, *answer;
} kinds[] = {
	{"type: radio, choices: abc", "a"},
	{"type: text, script: full, max_length: 60", "東京都千代田区霞が関一丁目一番地一号　法務省別館"},
	{"type: text, script: upper, max_length: 104", "HOUMU TARO JIRO SABURO"},
	{"type: date", "20000123"},
	{"type: yen", "2500000"},
	{"type: phone", "09012345678"},
	{"type: select, choices: area", "13"},
	{"type: textarea, max_length: 600", "引き続き大学で勉学するため。\n卒業まで二年間の予定です。"},
};
#define KINDS (sizeof kinds / sizeof *kinds)

/* A third of the questions hang on the radio before them and on their neighbour. */
static bool is_conditional(size_t i)
{
	return i > KINDS && i % 3 == 0 && i % KINDS;
}

static void write_question(struct buf *out, size_t i)
{
	const char *label = "label: {ja: 質問《しつもん》, en: A question}";
	if (i == 0)
		buf_fmt(out, "      - {id: office, type: select, choices: office, required: true, %s}\n", label);
	else if (i == 1)
		buf_fmt(out, "      - {id: name, type: text, script: upper, max_length: 40, required: true, %s}\n", label);
	else if (i == 2)
		buf_fmt(out, "      - {id: email, type: email, required: true, %s}\n", label);
	else if (is_conditional(i))
		buf_fmt(out, "      - {id: q%zu, %s, required: true, %s, when: {all: [{field: q%zu, is: a}, {field: q%zu, given: true}]}}\n", i,
			kinds[i % KINDS].rest, label, i / KINDS * KINDS, i - 1);
	else
		buf_fmt(out, "      - {id: q%zu, %s, required: true, %s}\n", i, kinds[i % KINDS].rest, label);
}

static struct str definition(struct arena *arena)
{
	struct buf out;
	buf_init(&out, arena, LIMIT_DEFINITION_FILE);
	buf_c(&out, head);
	for (size_t i = 0; i < QUESTIONS; i++) {
		if (i % 28 == 0)
			buf_fmt(&out, "  - id: s%zu\n    title: {ja: あ, en: A}\n    minutes: 1\n    fields:\n", i);
		write_question(&out, i);
	}
	return buf_view(&out);
}

static void report(const char *what, int64_t from, size_t issues)
{
	print_message("%-28s %7.1f us (%zu issues)\n", what, (double)(time_monotonic_us() - from) / ROUNDS, issues);
}

static void measure(const struct form_scope *scope, const char *what, size_t wanted)
{
	struct arena scratch;
	struct issues issues = {0};
	arena_init(&scratch, LIMIT_REQUEST_ARENA);
	int64_t from = time_monotonic_us();
	for (int i = 0; i < ROUNDS; i++) {
		arena_reset(&scratch);
		form_check(scope, &scratch, NULL, &issues);
	}
	report(what, from, issues.n);
	assert_int_equal(issues.n, wanted);
	arena_release(&scratch);
}

static void test_speed(void **state)
{
	(void)state;
	struct arena arena, scratch;
	struct definition_problems problems;
	struct reader reader;
	struct answers answers;
	arena_init(&arena, LIMIT_STARTUP_ARENA);
	arena_init(&scratch, LIMIT_STARTUP_ARENA);
	reader_init(&reader, &arena, &scratch, DATA "/good", &problems);
	assert_int_equal(codes_read_all(&reader).code, OK);
	reader_preset(&reader, "probe/procedure.yaml", definition(&arena));
	const struct procedure *procedure = procedure_read(&reader, STR("probe"));
	if (!procedure)
		print_error(STR_FMT, STR_ARG(buf_view(&problems.text)));
	assert_non_null(procedure);
	assert_int_equal(procedure->field_count, QUESTIONS);
	answers_init(&answers, &arena);
	struct form_scope scope = {procedure, &answers, USER_FOREIGN_NATIONAL, TODAY};

	size_t unconditional = 0;
	for (size_t i = 0; i < QUESTIONS; i++)
		unconditional += !is_conditional(i);
	measure(&scope, "nothing answered", unconditional);
	answers_set(&answers, STR("office"), STR("tokyo"));
	answers_set(&answers, STR("name"), STR("HOUMU TARO"));
	answers_set(&answers, STR("email"), STR("taro@example.jp"));
	for (size_t i = 3; i < QUESTIONS; i++)
		answers_set(&answers, procedure->fields[i]->id, str_of(kinds[i % KINDS].answer));
	measure(&scope, "all answered, all right", 0);

	struct str json = answers_write(&arena, &answers);
	int64_t from = time_monotonic_us();
	for (int i = 0; i < ROUNDS; i++) {
		struct answers read;
		arena_reset(&scratch);
		assert_int_equal(answers_read(&scratch, json, &read).code, OK);
	}
	report("answers_read", from, 0);
	from = time_monotonic_us();
	for (int i = 0; i < ROUNDS; i++) {
		arena_reset(&scratch);
		(void)answers_write(&scratch, &answers);
	}
	report("answers_write", from, 0);
	for (size_t i = 3; i < QUESTIONS; i++)
		answers_set(&answers, procedure->fields[i]->id, STR("\xE2\x80\x8B"));
	measure(&scope, "all answered, all wrong", unconditional - 3);
	arena_release(&arena);
	arena_release(&scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_speed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
