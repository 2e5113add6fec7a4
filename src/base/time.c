#include "base/time.h"

#define JAPAN_OFFSET (9 * TIME_HOUR)
#define DATE_MIN 10101 /* 0001-01-01 */
#define DATE_MAX 99991231

static int64_t clock_us(clockid_t clock)
{
	struct timespec now;
	/* Fails only for a clock that does not exist. */
	if (clock_gettime(clock, &now) != 0)
		abort();
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t time_now(void)
{
	return clock_us(CLOCK_REALTIME) / 1000;
}

int64_t time_monotonic_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

int64_t time_monotonic(void)
{
	return time_monotonic_us() / 1000;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static bool leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return days[month - 1] + (month == 2 && leap(year));
}

/*
 * Days since 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so that
 * the leap day is the last of its year and the months before it have a regular pattern: 153 days
 * for each five.
 */
static int64_t days_of(int64_t year, int month, int day)
{
	int64_t from_march = (month + 9) % 12;
	if (month < 3)
		year--;
	int64_t in_year = (153 * from_march + 2) / 5 + day - 1;
	return 365 * year + floor_div(year, 4) - floor_div(year, 100) + floor_div(year, 400) +
	       in_year - 719468;
}

static struct civil civil_of_days(int64_t days)
{
	int64_t from_zero = days + 719468; /* since 1 March of the year 0 */
	int64_t era = floor_div(from_zero, 146097);
	int64_t in_era = from_zero - era * 146097;
	/* Takes out the leap days passed within the 400 years, then divides evenly. */
	int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
	int64_t from_march = (5 * in_year + 2) / 153;
	struct civil civil = {
		.day = (int)(in_year - (153 * from_march + 2) / 5 + 1),
		.month = (int)(from_march < 10 ? from_march + 3 : from_march - 9),
		.weekday = (int)(days + 4 -
				 floor_div(days + 4, 7) * 7), /* 1970-01-01 was a Thursday */
	};
	civil.year = (int)(year + era * 400 + (civil.month < 3));
	return civil;
}

static struct civil civil_of(int64_t ms)
{
	int64_t days = floor_div(ms, TIME_DAY);
	int64_t in_day = (ms % TIME_DAY + TIME_DAY) % TIME_DAY /
			 TIME_SECOND; /* days * TIME_DAY could overflow */
	struct civil civil = civil_of_days(days);
	civil.hour = (int)(in_day / 3600);
	civil.minute = (int)(in_day / 60 % 60);
	civil.second = (int)(in_day % 60);
	return civil;
}

struct civil time_in_japan(int64_t at)
{
	/* Such an instant is 292 million years away, but a damaged row may hold it. */
	if (at > INT64_MAX - JAPAN_OFFSET)
		at = INT64_MAX - JAPAN_OFFSET;
	return civil_of(at + JAPAN_OFFSET);
}

int64_t time_from_japan(struct civil civil)
{
	int64_t days = days_of(civil.year, civil.month, civil.day);
	int64_t seconds = (int64_t)civil.hour * 3600 + (int64_t)civil.minute * 60 + civil.second;
	return days * TIME_DAY + seconds * TIME_SECOND - JAPAN_OFFSET;
}

static int32_t date_of(struct civil civil)
{
	if (civil.year < 1 || civil.year > 9999)
		return 0;
	return (int32_t)(civil.year * 10000 + civil.month * 100 + civil.day);
}

int32_t time_date(int64_t at)
{
	return date_of(time_in_japan(at));
}

bool month_valid(int32_t month)
{
	return month >= 101 && month <= 999912 && month % 100 >= 1 && month % 100 <= 12;
}

bool date_valid(int32_t date)
{
	if (date < DATE_MIN || date > DATE_MAX || !month_valid(date / 100))
		return false;
	return date % 100 >= 1 && date % 100 <= month_days(date / 10000, date / 100 % 100);
}

static int64_t date_days(int32_t date)
{
	return days_of(date / 10000, date / 100 % 100, date % 100);
}

int32_t date_add_days(int32_t date, int days)
{
	if (!date_valid(date))
		return 0;
	return date_of(civil_of_days(date_days(date) + days));
}

int32_t date_add_months(int32_t date, int months)
{
	if (!date_valid(date))
		return 0;
	int64_t total = (int64_t)(date / 10000) * 12 + (date / 100 % 100 - 1) + months;
	int64_t year = floor_div(total, 12);
	if (year < 1 || year > 9999)
		return 0;
	int month = (int)(total - year * 12) + 1;
	int day = date % 100;
	int last = month_days((int)year, month);
	return date_of(
		(struct civil){.year = (int)year, .month = month, .day = day < last ? day : last});
}

int64_t date_days_between(int32_t from, int32_t to)
{
	return date_days(to) - date_days(from);
}

int date_age(int32_t birth_on, int32_t on)
{
	/* As numbers, YYYYMMDD compare by month and day once the years are taken off; born on 29
	 * February: 1 March. */
	return (int)floor_div((int64_t)on - birth_on, 10000);
}

int64_t date_start(int32_t date)
{
	return date_days(date) * TIME_DAY - JAPAN_OFFSET;
}

static void write_clock(struct buf *out, struct civil civil)
{
	buf_pad(out, civil.hour, 2);
	buf_byte(out, ':');
	buf_pad(out, civil.minute, 2);
	buf_byte(out, ':');
	buf_pad(out, civil.second, 2);
}

static void write_iso(struct buf *out, struct civil civil)
{
	buf_pad(out, civil.year, 4);
	buf_byte(out, '-');
	buf_pad(out, civil.month, 2);
	buf_byte(out, '-');
	buf_pad(out, civil.day, 2);
	buf_byte(out, 'T');
	write_clock(out, civil);
}

void time_write_iso(struct buf *out, int64_t at)
{
	write_iso(out, time_in_japan(at));
	buf_lit(out, "+09:00");
}

/* That many digits. */
static bool take_number(struct str *text, size_t digits, int *out)
{
	*out = 0;
	for (size_t i = 0; i < digits; i++, *text = str_skip(*text, 1)) {
		if (text->n == 0 || *text->p < '0' || *text->p > '9')
			return false;
		*out = *out * 10 + (*text->p - '0');
	}
	return true;
}

/* One of the signs. */
static bool take_sign(struct str *text, const char *signs)
{
	if (text->n == 0 || *text->p == '\0' || !strchr(signs, *text->p))
		return false;
	*text = str_skip(*text, 1);
	return true;
}

bool time_read_iso(struct str text, int64_t *out)
{
	struct civil at = {0};

	if (!take_number(&text, 4, &at.year) || !take_sign(&text, "-") || !take_number(&text, 2, &at.month) || !take_sign(&text, "-") ||
		!take_number(&text, 2, &at.day) || !take_sign(&text, "T ") || !take_number(&text, 2, &at.hour) || !take_sign(&text, ":") ||
		!take_number(&text, 2, &at.minute))
		return false;
	if (take_sign(&text, ":") && !take_number(&text, 2, &at.second))
		return false;
	if (!str_eq(text, STR("+09:00")) || !date_valid(date_of(at)) || at.hour > 23 || at.minute > 59 || at.second > 59)
		return false;
	*out = time_from_japan(at);
	return true;
}

void time_write_utc(struct buf *out, int64_t at)
{
	write_iso(out, civil_of(at));
	buf_byte(out, '.');
	buf_pad(out, (at % TIME_SECOND + TIME_SECOND) % TIME_SECOND, 3);
	buf_byte(out, 'Z');
}

/* "Mon, 23 Nov 2026 14:03:07 ": the form that mail and HTTP share. English whatever the locale. */
static void write_named(struct buf *out, struct civil civil)
{
	static const char weekdays[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	buf_c(out, weekdays[civil.weekday]);
	buf_lit(out, ", ");
	buf_pad(out, civil.day, 2);
	buf_byte(out, ' ');
	buf_c(out, months[civil.month - 1]);
	buf_byte(out, ' ');
	buf_pad(out, civil.year, 4);
	buf_byte(out, ' ');
	write_clock(out, civil);
}

void time_write_mail(struct buf *out, int64_t at)
{
	write_named(out, time_in_japan(at));
	buf_lit(out, " +0900");
}

void time_write_http(struct buf *out, int64_t at)
{
	write_named(out, civil_of(at));
	buf_lit(out, " GMT");
}
