#include "i18n/locale.h"

#include "base/time.h"

/*
 * Dates stand in lists by the dozen, so they are written straight away, with or without readings; the markup is that of ruby.c.
 */

enum how { PLAIN, FURIGANA };

static void word(struct buf *out, enum how how, const char *base, const char *reading)
{
	if (how == PLAIN) {
		buf_c(out, base);
		return;
	}
	buf_lit(out, "<ruby>");
	buf_c(out, base);
	buf_lit(out, "<rt>");
	buf_c(out, reading);
	buf_lit(out, "</rt></ruby>");
}

static const char *const months[13] = {"", "January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December"};

/* Days whose reading is no number with にち. */
static const char *const day_readings[32] = {[1] = "ついたち",
	[2] = "ふつか",
	[3] = "みっか",
	[4] = "よっか",
	[5] = "いつか",
	[6] = "むいか",
	[7] = "なのか",
	[8] = "ようか",
	[9] = "ここのか",
	[10] = "とおか",
	[14] = "じゅうよっか",
	[20] = "はつか",
	[24] = "にじゅうよっか"};

struct parts {
	int year;
	int month; /* 0: not known */
	int day;   /* 0: not known */
};

static bool read_date(int32_t date, struct parts *out)
{
	*out = (struct parts){date / 10000, date / 100 % 100, date % 100};
	int32_t probe = date + (out->month ? 0 : 100) + (out->day ? 0 : 1);
	return date > 0 && (out->month || !out->day) && date_valid(probe);
}

static void write_ja(struct buf *out, enum how how, struct parts date)
{
	buf_i64(out, date.year);
	word(out, how, "年", "ねん");
	if (date.month) {
		buf_i64(out, date.month);
		word(out, how, "月", "がつ");
	}
	if (!date.day)
		return;
	if (day_readings[date.day]) {
		char base[16];
		(void)snprintf(base, sizeof base, "%d日", date.day);
		word(out, how, base, day_readings[date.day]);
	} else {
		buf_i64(out, date.day);
		word(out, how, "日", "にち");
	}
}

static void write_en(struct buf *out, struct parts date)
{
	if (date.day) {
		buf_i64(out, date.day);
		buf_byte(out, ' ');
	}
	if (date.month) {
		buf_c(out, months[date.month]);
		buf_byte(out, ' ');
	}
	buf_i64(out, date.year);
}

static void write_date(struct buf *out, const struct locale *locale, enum how how, int32_t date)
{
	struct parts parts;
	if (!read_date(date, &parts))
		return;
	if (locale->lang == LANG_JA)
		write_ja(out, how, parts);
	else
		write_en(out, parts);
}

bool minutes_are_pun(int64_t minutes)
{
	static const bool pun[10] = {[1] = true, [3] = true, [4] = true, [6] = true, [8] = true};

	return minutes > 0 && (pun[minutes % 10] || minutes % 10 == 0);
}

static void write_datetime(struct buf *out, const struct locale *locale, enum how how, int64_t at)
{
	struct civil c = time_in_japan(at);
	if (c.year < 1 || c.year > 9999)
		return;
	write_date(out, locale, how, (int32_t)(c.year * 10000 + c.month * 100 + c.day));
	if (locale->lang != LANG_JA) {
		buf_lit(out, ", ");
		clock_write(out, at);
		buf_lit(out, " (Japan time)");
		return;
	}
	buf_byte(out, ' ');
	buf_i64(out, c.hour);
	word(out, how, "時", "じ");
	buf_pad(out, c.minute, 2);
	word(out, how, "分", minutes_are_pun(c.minute) ? "ぷん" : "ふん");
	buf_lit(out, "（");
	word(out, how, "日本時間", "にほんじかん");
	buf_lit(out, "）");
}

static enum how how_of(const struct locale *locale)
{
	return locale->furigana ? FURIGANA : PLAIN;
}

void date_write(struct buf *out, const struct locale *locale, int32_t date)
{
	write_date(out, locale, PLAIN, date);
}

void date_write_html(struct buf *out, const struct locale *locale, int32_t date)
{
	write_date(out, locale, how_of(locale), date);
}

void datetime_write(struct buf *out, const struct locale *locale, int64_t at)
{
	write_datetime(out, locale, PLAIN, at);
}

void datetime_write_html(struct buf *out, const struct locale *locale, int64_t at)
{
	write_datetime(out, locale, how_of(locale), at);
}

void clock_write(struct buf *out, int64_t at)
{
	struct civil c = time_in_japan(at);
	buf_pad(out, c.hour, 2);
	buf_byte(out, ':');
	buf_pad(out, c.minute, 2);
}

void date_write_machine(struct buf *out, int32_t date)
{
	struct parts parts;
	if (!read_date(date, &parts))
		return;
	buf_pad(out, parts.year, 4);
	if (parts.month) {
		buf_byte(out, '-');
		buf_pad(out, parts.month, 2);
	}
	if (parts.day) {
		buf_byte(out, '-');
		buf_pad(out, parts.day, 2);
	}
}
