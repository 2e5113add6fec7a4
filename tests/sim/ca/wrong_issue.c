/*
 * wrong_issue FOLDER auth|sign ROOT FAULT FILE: one certificate that is wrong as told, as DER.
 * FAULT is a word of the table below; "item_missing=0" and the like name an item of the
 * subjectAltName.
 */
#include "sim/ca/wrong.h"

#include "base/time.h"
#include "sim/ca/folder.h"

#define BAD_UTF8 "\xe3\x81"

static struct str repeat(struct arena *arena, const char *one, size_t n)
{
	struct buf text;
	buf_init(&text, arena, 4096);
	for (size_t i = 0; i < n; i++)
		buf_c(&text, one);
	return buf_view(&text);
}

static bool is(const char *fault, const char *name)
{
	return strcmp(fault, name) == 0;
}

/* "name=3" → 1 << 3; 0: another name. */
static unsigned mask(const char *fault, const char *name)
{
	size_t n = strlen(name);
	bool named = strncmp(fault, name, n) == 0 && fault[n] == '=' && fault[n + 1] >= '0' &&
		     fault[n + 1] <= '5' && fault[n + 2] == '\0';
	return named ? 1u << (fault[n + 1] - '0') : 0;
}

static bool set_text(struct arena *arena, const char *fault, struct ca_wrong *wrong)
{
	const struct {
		const char *fault;
		unsigned item;
		struct str text;
	} texts[] = {
		{"bad_utf8", 0, STR(BAD_UTF8)},
		{"long_name", 0, repeat(arena, "あ", 201)},
		{"empty_name", 0, STR("")},
		{"era_letter", 1, STR("x20010203")},
		{"month_13", 1, STR("020011303")},
		{"february_30", 1, STR("020010230")},
		{"short_birth", 1, STR("02001020")},
		{"sex_4", 2, STR("4")},
		{"subst_short", 4, STR("0")},
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (is(fault, texts[i].fault)) {
			wrong->item_text[texts[i].item] = texts[i].text;
			return true;
		}
	}
	return false;
}

static bool set_flag(const char *fault, struct ca_wrong *wrong)
{
	const struct {
		const char *fault;
		bool *flag;
	} flags[] = {
		{"self_signed", &wrong->self_signed},
		{"version1", &wrong->version1},
		{"sha1", &wrong->sha1},
		{"ca", &wrong->ca},
		{"unknown_critical", &wrong->unknown_critical},
		{"no_key_usage", &wrong->no_key_usage},
		{"no_policy", &wrong->no_policy},
		{"item_more", &wrong->item_more},
	};
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		if (is(fault, flags[i].fault)) {
			*flags[i].flag = true;
			return true;
		}
	}
	return false;
}

static bool set_value(const char *fault, struct ca_wrong *wrong)
{
	if (is(fault, "rsa_1024"))
		wrong->rsa_bits = 1024;
	else if (is(fault, "e_3"))
		wrong->rsa_exponent = 3;
	else if (is(fault, "key_usage"))
		wrong->key_usage = 0x20;
	else if (is(fault, "policy"))
		wrong->policy = "1.2.392.200149.8.5.1.1.20";
	else if (is(fault, "bad_policy"))
		wrong->policy = "no OID";
	else
		return false;
	return true;
}

/* False: no such fault. */
static bool set(struct arena *arena, const char *fault, struct ca_wrong *wrong)
{
	*wrong = (struct ca_wrong){
		.item_missing = mask(fault, "item_missing"),
		.item_double = mask(fault, "item_double"),
		.item_bmp = mask(fault, "item_bmp"),
	};
	return wrong->item_missing || wrong->item_double || wrong->item_bmp ||
	       set_text(arena, fault, wrong) || set_flag(fault, wrong) || set_value(fault, wrong) ||
	       is(fault, "none") || is(fault, "expired") || is(fault, "not_yet");
}

static err issue(struct arena *arena, char **words)
{
	struct ca ca;
	struct ca_wrong wrong;
	struct ca_issued issued;
	struct ca_person person = {
		.name = STR("グエン　ＴＨＩ"),
		.era = '0',
		.year = 2001,
		.month = 2,
		.day = 3,
		.sex = 2,
		.address = STR("大分県別府市十文字原１丁目１番"),
		.prefecture = STR("Oita-ken"),
		.municipality = STR("Beppu-shi"),
	};
	int64_t now = time_now(), from = now - TIME_HOUR, until = now + 365 * TIME_DAY;
	if (is(words[4], "expired"))
		until = now - TIME_MINUTE;
	if (is(words[4], "not_yet"))
		from = now + TIME_HOUR;
	struct ca_request request = {
		.person = &person, .not_before = from, .not_after = until, .now = now};
	if (!set(arena, words[4], &wrong))
		return fail(ERR_INVALID, "there is no fault %s", words[4]);
	TRY(ca_kind_of(str_of(words[2]), &request.kind));
	TRY(ca_root_of(str_of(words[3]), &request.root));
	TRY(ca_open(arena, words[1], &ca));
	TRY(ca_issue_wrong(&ca, arena, &request, &wrong, &issued));
	return folder_write(words[5], issued.cert, 0644);
}

int main(int argc, char **argv)
{
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	if (argc != 6) {
		fputs("wrong_issue FOLDER KIND ROOT FAULT FILE\n", stderr);
		return 64;
	}
	err issued = issue(&arena, argv);
	if (failed(issued))
		fprintf(stderr, "%s\n", err_detail());
	return failed(issued) ? 1 : 0;
}
