#include "domain/form/input.h"

#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "domain/form/form_date.h"
#include "domain/form/spelling.h"
#include "i18n/width.h"

#define ISSUE_ARGS (sizeof((struct issue *)0)->args / sizeof *((struct issue *)0)->args)

#define ARG(n, v) ((struct msg_arg){.name = STR(n), .value = (v)})

/* What a field is called in messages. */
static const struct {
	struct str path;
	enum msg label;
} names[] = {
	{STR_INIT("email"), MSG_input_label_email},
	{STR_INIT("email_again"), MSG_input_label_email_again},
	{STR_INIT("login"), MSG_input_label_login},
	{STR_INIT("user_type"), MSG_input_label_user_type},
	{STR_INIT("password"), MSG_input_label_password},
	{STR_INIT("password_again"), MSG_input_label_password_again},
	{STR_INIT("name"), MSG_input_label_name},
	{STR_INIT("org_name"), MSG_input_label_org_name},
	{STR_INIT("phone"), MSG_input_label_phone},
	{STR_INIT("postal_code"), MSG_input_label_postal_code},
	{STR_INIT("address"), MSG_input_label_address},
	{STR_INIT("sex"), MSG_input_label_sex},
	{STR_INIT("birth_on"), MSG_input_label_birth_on},
};

static struct str label_of(const struct input *in, struct str path)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_eq(names[i].path, path))
			return msg_text(in->arena, in->locale, names[i].label, NULL, 0);
	return path;
}

void issues_add(struct arena *arena, struct issues *issues, struct str path, enum msg msg,
	const struct msg_arg *args, size_t arg_count)
{
	struct issue *all = arena_array(arena, struct issue, issues->n + 1);
	struct issue *one = &all[issues->n];

	if (issues->n > 0)
		memcpy(all, issues->v, issues->n * sizeof *all);
	*one = (struct issue){.path = path, .msg = msg};
	for (; one->arg_count < arg_count && one->arg_count < ISSUE_ARGS; one->arg_count++)
		one->args[one->arg_count] = args[one->arg_count];
	issues->v = all;
	issues->n++;
	issues->refusals++;
}

void input_issue(const struct input *in, struct str path, enum msg msg, const struct msg_arg *args,
	size_t arg_count)
{
	struct msg_arg all[ISSUE_ARGS] = {ARG("label", label_of(in, path))};
	size_t count = 1;

	for (; count <= arg_count && count < ISSUE_ARGS; count++)
		all[count] = args[count - 1];
	issues_add(in->arena, in->issues, path, msg, all, count);
}

static struct str number_text(struct arena *arena, size_t n)
{
	return str_fmt(arena, "%zu", n);
}

/* False, with an issue: nothing typed, or more than `max` characters. */
static bool length_good(const struct input *in, struct str path, struct str text, size_t max)
{
	size_t count = utf8_count(text);

	if (count == 0) {
		input_issue(in, path, MSG_input_required, NULL, 0);
		return false;
	}
	if (count > max) {
		input_issue(in, path, MSG_input_too_long,
			(struct msg_arg[]){ARG("max", number_text(in->arena, max)),
				ARG("count", number_text(in->arena, count))},
			2);
		return false;
	}
	return true;
}

static void bad_character(
	const struct input *in, struct str path, struct str text, size_t at, enum msg msg)
{
	struct str one = utf8_head(str_skip(text, at), 1);

	input_issue(in, path, msg, (struct msg_arg[]){ARG("char", str_dup(in->arena, one))}, 1);
}

/* Index of the first control or invisible character, or -1. */
static ptrdiff_t hidden_at(struct str text)
{
	struct str rest = text;

	while (rest.n > 0) {
		size_t at = text.n - rest.n;
		uint32_t point = utf8_next(&rest);

		if (point == UTF8_BAD || utf8_is_hidden(point))
			return (ptrdiff_t)at;
	}
	return -1;
}

static bool visible(const struct input *in, struct str path, struct str text)
{
	if (hidden_at(text) < 0)
		return true;
	input_issue(in, path, MSG_input_hidden, NULL, 0);
	return false;
}

/* Half width, without blanks at the ends. What is not UTF-8 stays as it is and fails the rules that
 * follow. */
static struct str half(struct arena *arena, struct str typed)
{
	return str_trim(utf8_valid(typed) ? width_half(arena, typed) : typed);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* RFC 5322 atext: what may stand in a local part without quotes. */
static bool is_atext(char c)
{
	return is_letter(c) || is_digit(c) || str_find_byte(STR("!#$%&'*+-/=?^_`{|}~"), c) >= 0;
}

static bool label_valid(struct str label)
{
	if (label.n == 0 || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-')
		return false;
	for (size_t i = 0; i < label.n; i++)
		if (!is_letter(label.p[i]) && !is_digit(label.p[i]) && label.p[i] != '-')
			return false;
	return true;
}

static bool domain_valid(struct str domain)
{
	size_t labels = 0;
	struct str label = {0};

	if (domain.n == 0 || domain.n > 253 || domain.p[domain.n - 1] == '.')
		return false;
	while (str_next(&domain, '.', &label)) {
		if (!label_valid(label))
			return false;
		labels++;
	}
	/* The last one is never all digits: that would be an address of a machine. */
	return labels >= 2 && is_letter(label.p[0]);
}

bool email_valid(struct str email)
{
	ptrdiff_t at = str_find_byte(email, '@');

	if (email.n > LIMIT_EMAIL || at < 1 || at > 64)
		return false;
	struct str local = str_sub(email, 0, (size_t)at);

	if (local.p[0] == '.' || local.p[local.n - 1] == '.' || str_find(local, STR("..")) >= 0)
		return false;
	for (size_t i = 0; i < local.n; i++)
		if (!is_atext(local.p[i]) && local.p[i] != '.')
			return false;
	return domain_valid(str_skip(email, (size_t)at + 1));
}

struct str input_email(const struct input *in, struct str path, struct str typed)
{
	struct str email = str_lower(in->arena, half(in->arena, typed));

	if (email.n == 0)
		input_issue(in, path, MSG_input_required, NULL, 0);
	else if (email.n > LIMIT_EMAIL)
		input_issue(in, path, MSG_input_too_long,
			(struct msg_arg[]){ARG("max", number_text(in->arena, LIMIT_EMAIL)),
				ARG("count", number_text(in->arena, utf8_count(email)))},
			2);
	else if (!email_valid(email))
		input_issue(in, path, MSG_input_email, NULL, 0);
	return email;
}

struct str input_name(const struct input *in, struct str path, struct str typed)
{
	struct str name = spell_latin(in->arena, spell_clean(in->arena, typed));
	bool letter = false;

	if (!length_good(in, path, name, LIMIT_NAME))
		return name;
	for (size_t i = 0; i < name.n; i++) {
		letter = letter || is_letter(name.p[i]);
		if (!is_letter(name.p[i]) && str_find_byte(STR(" -'.,"), name.p[i]) < 0) {
			bad_character(in, path, name, i, MSG_input_name_latin);
			return name;
		}
	}
	if (!letter)
		bad_character(in, path, name, 0, MSG_input_name_latin);
	return name;
}

struct str input_phone(const struct input *in, struct str path, struct str typed)
{
	struct str phone = spell_phone(in->arena, spell_clean(in->arena, typed));

	if (phone.n > 0 && !spell_is_digits(phone))
		input_issue(in, path, MSG_input_phone, NULL, 0);
	else
		(void)length_good(in, path, phone, LIMIT_PHONE);
	return phone;
}

struct str input_postal(const struct input *in, struct str path, struct str typed)
{
	struct str code = spell_postal(in->arena, spell_clean(in->arena, typed));

	if (code.n == 0)
		input_issue(in, path, MSG_input_required, NULL, 0);
	else if (code.n != 7 || !spell_is_digits(code))
		input_issue(in, path, MSG_input_postal, NULL, 0);
	return code;
}

struct str input_address(const struct input *in, struct str path, struct str typed)
{
	if (!utf8_valid(typed)) {
		input_issue(in, path, MSG_input_hidden, NULL, 0);
		return (struct str){0};
	}
	/* Trimmed before and after: a full-width blank at the end is a blank at the end. */
	struct str text = str_trim(width_half(in->arena, width_nfc(in->arena, typed)));
	struct str address = width_full(in->arena, text);

	if (length_good(in, path, address, LIMIT_ADDRESS))
		(void)visible(in, path, address);
	return address;
}

struct str input_line(
	const struct input *in, struct str path, struct str typed, size_t max, bool required)
{
	if (!utf8_valid(typed)) {
		input_issue(in, path, MSG_input_hidden, NULL, 0);
		return (struct str){0};
	}
	struct str text = str_trim(width_nfc(in->arena, typed));

	if (text.n == 0 && !required)
		return text;
	if (length_good(in, path, text, max))
		(void)visible(in, path, text);
	return text;
}

/* What the three boxes say together; a whole date may stand in the first one alone. */
static bool date_of(const struct input *in, const struct str box[3], struct date_typed *out)
{
	struct str all = str_empty(box[1]) && str_empty(box[2]) ? box[0] : str_join(in->arena, box, 3, STR("-"));

	return date_understand(in->arena, all, out) && out->parts == 3;
}

int32_t input_birth(const struct input *in, struct str path, struct str year, struct str month,
	struct str day, int32_t today)
{
	const struct str box[3] = {
		spell_clean(in->arena, year), spell_clean(in->arena, month), spell_clean(in->arena, day)};
	size_t given = 0;
	struct date_typed typed;

	for (size_t i = 0; i < 3; i++)
		given += !str_empty(box[i]);
	if (given == 0) {
		input_issue(in, path, MSG_input_required, NULL, 0);
		return 0;
	}
	bool understood = date_of(in, box, &typed);

	if (!understood && given < 3) {
		input_issue(in, path, MSG_input_date_part, NULL, 0);
		return 0;
	}
	int32_t date = understood ? typed.year * 10000 + typed.month * 100 + typed.day : 0;

	if (!date_valid(date) || typed.year < 1880)
		input_issue(in, path, MSG_input_date, NULL, 0);
	else if (date > today)
		input_issue(in, path, MSG_input_date_future, NULL, 0);
	else
		return date;
	return 0;
}
