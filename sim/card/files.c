#include "sim/card/files.h"

static const struct str aids[APPLET_COUNT] = {
	[APPLET_JPKI] = STR_INIT("\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01"),
	[APPLET_TEXT] = STR_INIT("\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x08"),
};

const struct secret_rule secret_rules[SECRET_COUNT] = {
	[SECRET_AUTH] = {"auth", "user authentication PIN", 3, 4, 4, false, true},
	[SECRET_SIGN] = {"sign", "signing certificate password", 5, 6, 16, true, true},
	[SECRET_TEXT] = {"text", "text input assist PIN", 3, 4, 4, false, true},
	[SECRET_CODE_A] = {"code_a", "code A", 10, 12, 12, false, false},
	[SECRET_CODE_B] = {"code_b", "code B", 10, 14, 14, false, false},
};

const char *const card_key_names[KEY_COUNT] = {[KEY_AUTH] = "auth", [KEY_SIGN] = "sign"};

#define PIN OPENED_BY(SECRET_TEXT)
#define A OPENED_BY(SECRET_CODE_A)
#define B OPENED_BY(SECRET_CODE_B)

static const struct ef files[] = {
	{APPLET_JPKI, 0x0001, EF_BYTES, CARD_SIGN_CERT, .opened_by = OPENED_BY(SECRET_SIGN)},
	{APPLET_JPKI, 0x0002, EF_BYTES, CARD_SIGN_CA},
	{APPLET_JPKI, 0x0006, EF_BYTES, CARD_TOKEN},
	{APPLET_JPKI, 0x0008, EF_BYTES, CARD_AVAILABLE},
	{APPLET_JPKI, 0x000A, EF_BYTES, CARD_AUTH_CERT},
	{APPLET_JPKI, 0x000B, EF_BYTES, CARD_AUTH_CA},
	{APPLET_JPKI, 0x0017, EF_KEY, CARD_AUTH_KEY, .opened_by = OPENED_BY(SECRET_AUTH)},
	{APPLET_JPKI, 0x0018, EF_SECRET, .secret = SECRET_AUTH},
	{APPLET_JPKI, 0x001A, EF_KEY, CARD_SIGN_KEY, .opened_by = OPENED_BY(SECRET_SIGN)},
	{APPLET_JPKI, 0x001B, EF_SECRET, .secret = SECRET_SIGN},
	{APPLET_TEXT, 0x0001, EF_BYTES, CARD_TEXT("0001"), .opened_by = PIN | A},
	{APPLET_TEXT, 0x0002, EF_BYTES, CARD_TEXT("0002"), .opened_by = PIN | B},
	{APPLET_TEXT, 0x0003, EF_BYTES, CARD_TEXT("0003"), .opened_by = PIN | A | B},
	{APPLET_TEXT, 0x0004, EF_BYTES, CARD_TEXT("0004")},
	{APPLET_TEXT, 0x0005, EF_BYTES, CARD_TEXT("0005")},
	{APPLET_TEXT, 0x0006, EF_BYTES, CARD_TEXT("0006"), .opened_by = PIN | A | B},
	{APPLET_TEXT, 0x0007, EF_BYTES, CARD_TEXT("0007"), .opened_by = PIN | A | B},
	{APPLET_TEXT, 0x0011, EF_SECRET, .secret = SECRET_TEXT},
	{APPLET_TEXT, 0x0013, EF_KEY, CARD_TEXT_KEY},
	{APPLET_TEXT, 0x0014, EF_SECRET, .secret = SECRET_CODE_A},
	{APPLET_TEXT, 0x0015, EF_SECRET, .secret = SECRET_CODE_B},
};

struct str applet_aid(enum card_applet applet)
{
	return aids[applet];
}

bool secret_valid(enum card_secret secret, struct str text)
{
	const struct secret_rule *rule = &secret_rules[secret];

	if (text.n < rule->shortest || text.n > rule->longest)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (!(c >= '0' && c <= '9') && !(rule->letters && c >= 'A' && c <= 'Z'))
			return false;
	}
	return true;
}

const struct ef *ef_find(enum card_applet applet, unsigned id)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		if (files[i].applet == applet && files[i].id == id)
			return &files[i];
	}
	return NULL;
}
