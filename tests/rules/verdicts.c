/*
 * verdicts FOLDER PROCEDURE SETS SEED : what the C engine says of random answers, one line of JSON each, for the interpreter of the browser to
 * be held to (tests/rules/rules.test.mjs).
 *
 * A world is a procedure with random answers and one of its sections; its line is {"section", "rules"}, the rules as a page carries them. Behind
 * it stand some sets of answers of that page: {"typed": {path: text}, "stored": {path: text}, "shown": [path], "computed": {path: text},
 * "issues": [[path, "msg" or "check ID", {args}, [others], missing, warning]]}. Everything comes from SEED: the same run says the same.
 */

#include "base/encode.h"
#include "base/vec.h"
#include "domain/definition/rule_data.h"
#include "domain/form/form.h"

#include <stdio.h>
#include <stdlib.h>

#define TODAY 20261129
#define SETS_PER_WORLD 16

struct generator {
	uint64_t state;
	struct arena *arena;
	int32_t today;
};

/* splitmix64 */
static uint64_t draw(struct generator *generator)
{
	uint64_t z = generator->state += 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static size_t below(struct generator *generator, size_t n)
{
	return (size_t)(draw(generator) % n);
}

static bool chance(struct generator *generator, unsigned percent)
{
	return below(generator, 100) < percent;
}

/* ---- values ---- */

static const char *const odd_texts[] = {
	"a", "A", "TARO YAMADA", "山田　太郎", "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダー", "１２３", "Đặng", "O'Brien-Smith, Jr.", "髙橋", "\xF0\xA0\xAE\xB7野家", ("a\xE2\x80\x8B" "b"), "tab\there", "x\nb", "é", "e\xCC\x81", "〜", "ｶﾞﾊﾟﾞ", "—", "-", "0", " ", "　", "x  y", "ＡＢＣ", "１－２", "\x07", "\xEF\xBF\xBE", "日本 語", "℡",
	"12ー3", "abc@example.jp", "©", "¥100", "\"q\"", "“q”",
};

static const char *const odd_numbers[] = {
	"0", "00", "-1", "+5", "007", "1", "9", "10", "99", "100", "2,500,000", "２５０万", "250万5000", "￥2 500 000円", "12.5", "1e3", "abc", "-0",
	"999999999999", "1000000000000", "9223372036854775807", "9223372036854775808", "99999999999999999999999", "1-2", "三", "5yen", "5 JPY", "－３",
};

static const char *const odd_dates[] = {
	"2000", "200001", "20000123", "2000-1-23", "2000/1/23", "2000-13-1", "2000-2-30", "1999-2-29", "2000-2-29", "2026-11-29", "2026-11-30",
	"2026-11-28", "2027-2-28", "2027-3-1", "2010-11-29", "2010-11-30", "0999-1-1", "99-1-1", "2000-1-", "2000--1", "--", "-1-1", "2000-00-00", "20000000",
	"令和8年4月1日", "R8.4.1", "23 Jan 2000", "2000年1月23日", "1/2/2000", "2000.1.23", "2000 1 23", "２０００－１－２３", "9999-12-31", "1000-1-1", "20001301",
	"abc", "2000-1-23-4", "2000-001-1", "200", "20000", "2008-11-29", "1956-11-29", "2026-12", "2026-10", "2000-0-5",
};

static const char *const odd_emails[] = {
	"a@b.jp", "a@b", "a@@b.jp", "a.@b.jp", ".a@b.jp", "a..b@c.jp", "Mai@Example.JP", "ｍａｉ＠example.jp", "a b@c.jp", "a@-b.jp", "a@b-.jp", "a@b.1jp", "a@b.jp.",
	"@b.jp", "a@", "mai", "a!#$%&'*+/=?^_`{|}~-@b.jp", "ä@b.jp", "a@b_c.jp", ("a@\xE2\x80\x8B" "b.jp"), "a,b@c.jp",
};

static const char *const odd_codes[] = {
	"0312345678", "03-1234-5678", "(03)1234.5678", "+81 90 1234 5678", "+81 (0)90 1234 5678", "+8109012345678", "+81", "〒100-0001", "1000001", "100000", "10000012",
	"AB12345678CD", "ab12345678cd", "AB12345678C", "A12345678BCD", "AB1234567８CD", "7000012050002", "T7000012050002", "8000012050002", "70000120500021", "12a",
	"１２３４５６７", "090ー1234", "0", "〒", "〒〒1", "7 0000 1205 0002", ("\xE2\x80\x8B" "12"), "é", "1\t2", "TT7000012050002", "t7000012050002",
};

#define ONE_OF(generator, table) str_of((table)[below((generator), sizeof(table) / sizeof *(table))])

static struct str digits(struct generator *generator, size_t n)
{
	struct buf out;
	buf_init(&out, generator->arena, 8192);
	for (size_t i = 0; i < n; i++)
		buf_byte(&out, (char)('0' + below(generator, 10)));
	return buf_view(&out);
}

/* As long as it may be, or one more or less. */
static struct str long_text(struct generator *generator, const struct field *field)
{
	static const char *const letters[] = {"A", "b", "7", "あ", "漢", "Ｚ", "\xF0\xA0\xAE\xB7", "-"};
	struct str letter = str_of(letters[below(generator, sizeof letters / sizeof *letters)]);
	unsigned edge = field->min_length && chance(generator, 40) ? field->min_length : field->max_length;
	size_t n = edge + below(generator, 3);
	struct buf out;
	if (n > 600)
		n = 600;
	buf_init(&out, generator->arena, 8192);
	for (size_t i = 1; i < n; i++)
		buf_str(&out, letter);
	return buf_view(&out);
}

static struct str a_number(struct generator *generator, const struct field *field)
{
	int64_t edges[] = {field->min, field->max, field->min - 1, field->max + 1, (int64_t)below(generator, 100), (int64_t)below(generator, 10000000)};
	if (chance(generator, 30))
		return ONE_OF(generator, odd_numbers);
	return str_fmt(generator->arena, "%lld", (long long)edges[below(generator, sizeof edges / sizeof *edges)]);
}

static struct str a_code(struct generator *generator, const struct field *field)
{
	if (chance(generator, 35))
		return ONE_OF(generator, odd_codes);
	if (chance(generator, 20))
		return long_text(generator, field);
	if (field->type == FIELD_CARD_NO)
		return str_fmt(generator->arena, "AB" STR_FMT "CD", STR_ARG(digits(generator, 8)));
	return digits(generator, field->max_length ? field->max_length - below(generator, 2) : 8);
}

static struct str a_date(struct generator *generator)
{
	if (chance(generator, 50))
		return ONE_OF(generator, odd_dates);
	return str_fmt(generator->arena, "%zu-%zu-%zu", 1930 + below(generator, 105), 1 + below(generator, 12), 1 + below(generator, 31));
}

static struct str a_choice(struct generator *generator, const struct choice_list *list, struct str parent)
{
	for (int i = 0; i < 40 && list->n; i++) {
		const struct choice *choice = &list->v[below(generator, list->n)];
		/* A page offers what can be chosen today, and under an answer of another page. */
		if (choice_offered(choice, parent, generator->today))
			return choice->value;
	}
	return STR("");
}

static struct str several(struct generator *generator, const struct choice_list *list, struct str parent)
{
	struct buf out;
	size_t n = below(generator, 4);
	buf_init(&out, generator->arena, 4096);
	for (size_t i = 0; i < n; i++) {
		buf_lit(&out, " ");
		buf_str(&out, a_choice(generator, list, parent));
	}
	return str_trim(buf_view(&out));
}

static struct str a_value(struct generator *generator, const struct field *field, struct str parent)
{
	switch (field->type) {
	case FIELD_NUMBER:
	case FIELD_YEN:
		return a_number(generator, field);
	case FIELD_DATE:
	case FIELD_MONTH:
	case FIELD_PARTIAL_DATE:
	case FIELD_PARTIAL_MONTH:
		return a_date(generator);
	case FIELD_SELECT:
	case FIELD_RADIO:
	case FIELD_COUNTRY:
		return a_choice(generator, field->choices, parent);
	case FIELD_MULTI:
		return several(generator, field->choices, parent);
	case FIELD_CHECKBOX:
		return STR("yes");
	case FIELD_EMAIL:
		return ONE_OF(generator, odd_emails);
	case FIELD_DIGITS:
	case FIELD_PHONE:
	case FIELD_POSTAL:
	case FIELD_CARD_NO:
	case FIELD_CORP_NO:
		return a_code(generator, field);
	default:
		return chance(generator, 25) ? long_text(generator, field) : ONE_OF(generator, odd_texts);
	}
}

/* ---- answers ---- */

struct set {
	struct answers stored;
	struct answers typed; /* as it was typed, by the same paths */
};

static void give(struct generator *generator, struct set *set, const struct field *field, size_t row, unsigned percent)
{
	if (!field_is_answered(field) || answers_held(&set->stored, field->id))
		return;
	struct str path = path_in_row(generator->arena, field, row);
	bool elsewhere = field->depends_on && field->depends_on->section != field->section;
	struct str parent = elsewhere ? answers_get(&set->stored, field->depends_on->id) : (struct str){0};
	struct str text = chance(generator, percent) ? a_value(generator, field, parent) : STR("");
	answers_set(&set->typed, path, text);
	form_apply(&set->stored, field, row, text);
	/* Half of the addresses typed again are the same. */
	if (field->same_as && chance(generator, 50))
		answers_set(&set->stored, path, answers_get(&set->stored, path_in_row(generator->arena, field->same_as, row)));
}

static void give_section(struct generator *generator, struct set *set, const struct section *section)
{
	for (size_t i = 0; i < section->field_count; i++) {
		const struct field *field = section->fields[i];
		unsigned percent = field->controls ? 90 : 65;
		give(generator, set, field, 0, percent);
		size_t most = field->type == FIELD_GROUP ? (size_t)field->max : 0;
		size_t rows = most ? below(generator, (most > 4 ? 4 : most) + 1) : 0;
		for (size_t row = 0; row < most; row++)
			for (size_t f = 0; f < field->field_count; f++)
				give(generator, set, field->fields[f], row, row < rows ? percent : 0);
	}
}

/* What a card says of its people, whatever the form wants. */
static void hold_card(struct generator *generator, struct set *set, const struct procedure *procedure)
{
	set->stored.card = true;
	for (size_t i = 0; i < procedure->field_count; i++) {
		const struct field *field = procedure->fields[i];
		struct str value = field->card && field->choices ? a_choice(generator, field->choices, (struct str){0}) : field->card == CARD_BIRTH_DATE ? STR("20010215") : STR("山田");
		if (field->card)
			answers_hold(&set->stored, field->id, value);
	}
}

/* ---- what the engine says ---- */

static void separate(struct buf *out)
{
	char last = out->p[out->n - 1];
	if (last != '{' && last != '[')
		buf_byte(out, ',');
}

static void pair(struct buf *out, struct str name, struct str value)
{
	separate(out);
	json_write_str(out, name);
	buf_byte(out, ':');
	json_write_str(out, value);
}

static void write_answers(struct buf *out, const char *name, const struct answers *answers, const struct procedure *procedure, const struct section *section)
{
	buf_fmt(out, "\"%s\":{", name);
	for (size_t i = 0; answers_at(answers, i); i++) {
		const struct answer *answer = answers_at(answers, i);
		ptrdiff_t dot = str_find_byte(answer->path, '.');
		const struct field *field = procedure_field(procedure, dot < 0 ? answer->path : str_sub(answer->path, 0, (size_t)dot));
		if (field && field->section == section && field->type != FIELD_CALC && !str_empty(answer->value))
			pair(out, answer->path, answer->value);
	}
	buf_lit(out, "},");
}

static void write_shown(struct buf *out, struct rule_eval *eval, const struct field *field, size_t row)
{
	if (!rule_field_shown(eval, field))
		return;
	separate(out);
	json_write_str(out, field_path(field, row)->text);
}

/* Each field of the page in each row that the page has: the given ones and the next. */
static void each_field(struct buf *out, const struct form_scope *scope, const struct section *section,
	void (*write)(struct buf *, struct rule_eval *, const struct field *, size_t))
{
	struct rule_eval eval;
	rule_eval_init(&eval, scope);
	for (size_t i = 0; i < section->field_count; i++) {
		const struct field *field = section->fields[i];
		write(out, &eval, field, 0);
		size_t rows = field->type == FIELD_GROUP ? answers_rows(scope->answers, field) + 1 : 0;
		for (size_t row = 0; row < rows && row < (size_t)field->max; row++) {
			rule_eval_row(&eval, field, row);
			for (size_t f = 0; f < field->field_count; f++)
				write(out, &eval, field->fields[f], row);
		}
	}
}

static void write_computed(struct buf *out, struct rule_eval *eval, const struct field *field, size_t row)
{
	if (field->type == FIELD_CALC && !str_empty(rule_answer(eval, field)))
		pair(out, field_path(field, row)->text, rule_answer(eval, field));
}

static struct str msg_name(enum msg msg)
{
	static const struct {
		enum msg msg;
		const char *name;
	} names[] = {
#define NAME(name) {MSG_form_##name, #name}
		NAME(required), NAME(choose), NAME(tick), NAME(tick_only), NAME(one_of), NAME(hidden), NAME(char_full), NAME(char_ascii), NAME(char_upper),
		NAME(char_alnum), NAME(char_number), NAME(char_digit), NAME(char_card), NAME(char_email), NAME(length), NAME(too_long), NAME(too_short),
		NAME(range), NAME(date), NAME(month), NAME(partial_date), NAME(partial_month), NAME(no_such_date), NAME(email), NAME(same), NAME(card),
		NAME(corp), NAME(choice), NAME(choice_first), NAME(choice_elsewhere), NAME(choice_gone), NAME(rows_min), NAME(rows_max),
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].msg == msg)
			return str_of(names[i].name);
	fprintf(stderr, "verdicts: an issue has a message that is not in the table\n");
	exit(1);
}

static void write_issue(struct buf *out, struct arena *arena, const struct issue *issue)
{
	separate(out);
	buf_byte(out, '[');
	json_write_str(out, issue->path);
	buf_byte(out, ',');
	json_write_str(out, issue->check ? str_fmt(arena, "check " STR_FMT, STR_ARG(issue->check->id)) : msg_name(issue->msg));
	buf_lit(out, ",{");
	for (size_t i = 0; i < issue->arg_count; i++)
		pair(out, issue->args[i].name, issue->args[i].value);
	buf_lit(out, "},[");
	for (size_t i = 0; i < issue->other_count; i++) {
		separate(out);
		json_write_str(out, issue->others[i]->id);
	}
	buf_fmt(out, "],%d,%d]", issue->missing, issue->warning);
}

static void put(struct buf *out)
{
	if (failed(buf_error(out))) {
		fprintf(stderr, "verdicts: a line is too long\n");
		exit(1);
	}
	buf_byte(out, '\n');
	fwrite(out->p, 1, out->n, stdout);
}

static void write_set(struct generator *generator, const struct form_scope *scope, const struct section *section, struct set *set)
{
	struct buf out;
	struct issues issues;
	buf_init(&out, generator->arena, 4u << 20);
	form_calculate(scope, &set->stored);
	form_check(scope, generator->arena, section, &issues);
	buf_lit(&out, "{");
	write_answers(&out, "typed", &set->typed, scope->procedure, section);
	write_answers(&out, "stored", &set->stored, scope->procedure, section);
	buf_lit(&out, "\"shown\":[");
	each_field(&out, scope, section, write_shown);
	buf_lit(&out, "],\"computed\":{");
	each_field(&out, scope, section, write_computed);
	buf_lit(&out, "},\"issues\":[");
	for (size_t i = 0; i < issues.n; i++)
		write_issue(&out, generator->arena, &issues.v[i]);
	buf_lit(&out, "]}");
	put(&out);
}

/* ---- worlds ---- */

/* The least visited of the sections that these answers open. */
static const struct section *open_section(const struct form_scope *scope, unsigned visits[LIMIT_SECTIONS])
{
	const struct section *best = NULL;
	for (size_t i = 0; i < scope->procedure->section_count; i++) {
		const struct section *section = scope->procedure->sections[i];
		if (form_section_shown(scope, section) && (!best || visits[section->index] < visits[best->index]))
			best = section;
	}
	if (best)
		visits[best->index]++;
	return best;
}

static enum user_type some_user(struct generator *generator, const struct procedure *procedure)
{
	for (;;) {
		enum user_type type = (enum user_type)below(generator, USER_TYPE_COUNT);
		if (procedure->user_types[type])
			return type;
	}
}

/* How many sets it gave. */
static unsigned world(struct generator *generator, const struct procedure *procedure, unsigned visits[LIMIT_SECTIONS])
{
	struct set set;
	struct buf out;
	answers_init(&set.stored, generator->arena);
	answers_init(&set.typed, generator->arena);
	struct form_scope scope = {procedure, &set.stored, some_user(generator, procedure), generator->today};
	if (procedure->card_reading_for >> scope.user_type & 1 && chance(generator, 30))
		hold_card(generator, &set, procedure);
	for (size_t i = 0; i < procedure->section_count; i++)
		give_section(generator, &set, procedure->sections[i]);
	form_calculate(&scope, &set.stored);
	const struct section *section = open_section(&scope, visits);
	if (!section)
		return 0;
	buf_init(&out, generator->arena, 4u << 20);
	buf_lit(&out, "{\"section\":");
	json_write_str(&out, section->id);
	buf_lit(&out, ",\"rules\":");
	size_t before = out.n;
	if (!rule_data_write(&out, &scope, section, locale_get(LANG_EN, false))) {
		out.n = before;
		buf_lit(&out, "null");
	}
	buf_lit(&out, "}");
	put(&out);
	for (unsigned i = 0; i < SETS_PER_WORLD; i++) {
		/* Each set answers the whole page anew; what a card says stays. */
		answers_init(&set.typed, generator->arena);
		give_section(generator, &set, section);
		write_set(generator, &scope, section, &set);
	}
	return SETS_PER_WORLD;
}

int main(int argc, char **argv)
{
	struct arena startup, work;
	struct catalogue catalogue;
	struct definition_problems problems;
	unsigned visits[LIMIT_SECTIONS] = {0};
	if (argc != 5) {
		fprintf(stderr, "usage: verdicts FOLDER PROCEDURE SETS SEED\n");
		return 2;
	}
	arena_init(&startup, LIMIT_STARTUP_ARENA);
	arena_init(&work, 256u << 20);
	if (failed(catalogue_read(&startup, argv[1], &problems, &catalogue))) {
		fprintf(stderr, STR_FMT, STR_ARG(buf_view(&problems.text)));
		return 1;
	}
	const struct procedure *procedure = catalogue_find(&catalogue, str_of(argv[2]));
	if (!procedure) {
		fprintf(stderr, "verdicts: there is no procedure %s\n", argv[2]);
		return 1;
	}
	unsigned long wanted = strtoul(argv[3], NULL, 10);
	struct generator generator = {strtoull(argv[4], NULL, 10), &work, TODAY};
	for (unsigned long sets = 0; sets < wanted; arena_reset(&work))
		sets += world(&generator, procedure, visits);
	arena_release(&work);
	arena_release(&startup);
	return 0;
}
