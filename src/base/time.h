#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/buf.h"

#include <stdint.h>

/*
 * Instants are int64_t milliseconds since 1970-01-01 UTC ("…_at"). Dates are int32_t YYYYMMDD in
 * the calendar of Japan ("…_on"), months int32_t YYYYMM. Japan has had no daylight saving since
 * 1951: UTC+9 always. Functions that decide take the time as a parameter; only the edges (http,
 * jobs, cmd) call time_now(). Durations are measured by time_monotonic(), which no clock change
 * moves.
 */

#define TIME_SECOND INT64_C(1000)
#define TIME_MINUTE (60 * TIME_SECOND)
#define TIME_HOUR (60 * TIME_MINUTE)
#define TIME_DAY (24 * TIME_HOUR)

int64_t time_now(void);       /* ms since 1970 */
int64_t time_monotonic(void); /* ms */
int64_t time_monotonic_us(void);

struct civil {
	int year, month, day, hour, minute, second, weekday; /* weekday 0: Sunday */
};

struct civil time_in_japan(int64_t at);
int64_t time_from_japan(struct civil civil); /* years 1 to 9999; weekday is not looked at */
int32_t time_date(int64_t at);               /* YYYYMMDD in Japan */

bool date_valid(int32_t date); /* exists; years 1 to 9999 */
bool month_valid(int32_t month);
/* These two give 0, which is no valid date, for a date that does not exist and for a result outside
 * the years 1 to 9999. */
int32_t date_add_days(int32_t date, int days);
int32_t date_add_months(int32_t date, int months); /* 31 Jan + 1 month = last of February */
/* These take dates that date_valid() has seen; for others the answer means nothing. */
int64_t date_days_between(int32_t from, int32_t to);
int date_age(int32_t birth_on,
	int32_t on); /* completed years; born on 29 February: on 1 March; negative before birth */
int64_t date_start(int32_t date); /* 00:00 in Japan */

/* 2026-11-23T14:03:07+09:00; RFC 5322 with +0900; RFC 9110 in GMT. */
void time_write_iso(struct buf *out, int64_t at);
void time_write_mail(struct buf *out, int64_t at);
void time_write_http(struct buf *out, int64_t at);
/* What time_write_iso writes, with a blank for the T or without seconds too. False: something else, another zone than Japan's, or
 * no such day or hour. */
bool time_read_iso(struct str text, int64_t *out);
/* 2026-11-23T05:03:07.123Z, for the log. */
void time_write_utc(struct buf *out, int64_t at);

#endif
