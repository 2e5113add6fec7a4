#include "i18n/locale.h"

#include "base/time.h"

/* Dates are first written with readings in Aozora notation; ruby.c then shows or hides them. */

static const char *const months[13] = {"", "January", "February", "March", "April", "May", "June", "July", "August",
	"September", "October", "November", "December"};

/* Days whose reading is no number with にち. */
static const char *const day_readings[32] = {
	[1] = "ついたち", [2] = "ふつか", [3] = "みっか", [4] = "よっか", [5] = "いつか", [6] = "むいか", [7] = "なのか",
	[8] = "ようか", [9] = "ここのか", [10] = "とおか", [14] = "じゅうよっか", [20] = "はつか", [24] = "にじゅうよっか"};

#define MARKED_MAX 256 /* the longest form with all its readings takes 170 bytes */

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

static void write_ja(struct buf *out, struct parts date)
{
	buf_i64(out, date.year);
	buf_lit(out, "年《ねん》");
	if (date.month) {
		buf_i64(out, date.month);
		buf_lit(out, "月《がつ》");
	}
	if (!date.day)
		return;
	if (day_readings[date.day])
		buf_fmt(out, "｜%d日《%s》", date.day, day_readings[date.day]);
	else
		buf_fmt(out, "%d日《にち》", date.day);
}

static void write_en(struct buf *out, struct parts date)
{
	if (date.day)
		buf_fmt(out, "%d ", date.day);
	if (date.month)
		buf_fmt(out, "%s ", months[date.month]);
	buf_i64(out, date.year);
}

static void date_write_marked(struct buf *out, const struct locale *locale, int32_t date)
{
	struct parts parts;
	if (!read_date(date, &parts))
		return;
	if (locale->lang == LANG_JA)
		write_ja(out, parts);
	else
		write_en(out, parts);
}

static void datetime_write_marked(struct buf *out, const struct locale *locale, int64_t at)
{
	/* 分 is ぷん behind 1, 3, 4, 6, 8 and 10, 20, …; ふん else, and behind a bare 0. */
	static const bool pun[10] = {[1] = true, [3] = true, [4] = true, [6] = true, [8] = true};
	struct civil c = time_in_japan(at);
	if (c.year < 1 || c.year > 9999)
		return;
	date_write_marked(out, locale, (int32_t)(c.year * 10000 + c.month * 100 + c.day));
	if (locale->lang != LANG_JA) {
		buf_lit(out, ", ");
		clock_write(out, at);
		buf_lit(out, " (Japan time)");
		return;
	}
	buf_byte(out, ' ');
	buf_i64(out, c.hour);
	buf_lit(out, "時《じ》");
	buf_pad(out, c.minute, 2);
	bool is_pun = pun[c.minute % 10] || (c.minute && c.minute % 10 == 0);
	buf_c(out, is_pun ? "分《ぷん》" : "分《ふん》");
	buf_lit(out, "（日本時間《にほんじかん》）");
}

void date_write(struct buf *out, const struct locale *locale, int32_t date)
{
	struct buf marked;
	buf_init_room(&marked, out->arena, MARKED_MAX, MARKED_MAX);
	date_write_marked(&marked, locale, date);
	ruby_write_plain(out, buf_view(&marked));
}

void date_write_html(struct buf *out, const struct locale *locale, int32_t date)
{
	struct buf marked;
	buf_init_room(&marked, out->arena, MARKED_MAX, MARKED_MAX);
	date_write_marked(&marked, locale, date);
	ruby_write_html(out, buf_view(&marked), locale->furigana);
}

void datetime_write(struct buf *out, const struct locale *locale, int64_t at)
{
	struct buf marked;
	buf_init_room(&marked, out->arena, MARKED_MAX, MARKED_MAX);
	datetime_write_marked(&marked, locale, at);
	ruby_write_plain(out, buf_view(&marked));
}

void datetime_write_html(struct buf *out, const struct locale *locale, int64_t at)
{
	struct buf marked;
	buf_init_room(&marked, out->arena, MARKED_MAX, MARKED_MAX);
	datetime_write_marked(&marked, locale, at);
	ruby_write_html(out, buf_view(&marked), locale->furigana);
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
