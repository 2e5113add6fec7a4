#include "domain/application/number.h"

#include "base/buf.h"
#include "base/random.h"
#include "base/time.h"
#include "domain/portal.h"
#include "i18n/width.h"
#include "store/query.h"

/* Damm, "Total anti-symmetrische Quasigruppen", 2004: a quasigroup of order 10; the check digit
 * brings the result to 0. */
static const unsigned char damm[10][10] = {
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
	{7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
	{4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
	{1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
	{6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
	{3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
	{8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
	{9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
	{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
};

static unsigned check_digit(const char *digits, size_t n)
{
	unsigned state = 0;

	for (size_t i = 0; i < n; i++)
		state = damm[state][digits[i] - '0'];
	return state;
}

void number_reference(char out[NUMBER_REFERENCE_DIGITS + 1])
{
	const size_t n = NUMBER_REFERENCE_DIGITS - 1;

	/* Eleven digits by two draws: each asks the kernel. */
	snprintf(out, n + 1, "%06u%05u", 100000 + (unsigned)random_below(900000), (unsigned)random_below(100000));
	out[n] = (char)('0' + check_digit(out, n));
	out[n + 1] = '\0';
}

bool number_reference_valid(struct str reference)
{
	if (reference.n != NUMBER_REFERENCE_DIGITS || reference.p[0] == '0')
		return false;
	for (size_t i = 0; i < reference.n; i++)
		if (reference.p[i] < '0' || reference.p[i] > '9')
			return false;
	return check_digit(reference.p, reference.n) == 0;
}

err number_reference_read(struct arena *arena, struct str typed, struct str *out)
{
	struct str text = width_half(arena, typed);
	struct buf digits;

	buf_init(&digits, arena, text.n + 1);
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != ' ' && text.p[i] != '-')
			buf_byte(&digits, text.p[i]);
	if (!number_reference_valid(buf_view(&digits)))
		return fail(ERR_INVALID, "no reference number");
	*out = buf_view(&digits);
	return ok();
}

/* ---- serials ---- */

void numbers_init(struct numbers *numbers)
{
	*numbers = (struct numbers){0};
	pthread_mutex_init(&numbers->lock, NULL);
	pthread_cond_init(&numbers->drawn, NULL);
}

void numbers_release(struct numbers *numbers)
{
	pthread_cond_destroy(&numbers->drawn);
	pthread_mutex_destroy(&numbers->lock);
}

static struct number_series *series_find(struct numbers *numbers, struct str name)
{
	for (size_t i = 0; i < numbers->n; i++)
		if (str_eq(str_of(numbers->series[i].name), name))
			return &numbers->series[i];
	return NULL;
}

/* A place for a new series. There are more than places only after years: the first that nobody draws for is given up, and
 * what was left of its block is a gap. */
static struct number_series *series_place(struct numbers *numbers)
{
	if (numbers->n < NUMBER_SERIES_MAX)
		return &numbers->series[numbers->n++];
	for (size_t i = 0; i < numbers->n; i++)
		if (!numbers->series[i].drawing)
			return &numbers->series[i];
	return NULL;
}

static struct number_series *series_require(struct numbers *numbers, struct str name)
{
	struct number_series *series = series_find(numbers, name);

	if (series || !(series = series_place(numbers)))
		return series;
	*series = (struct number_series){0};
	memcpy(series->name, name.p, name.n);
	return series;
}

/*
 * From the block that is there (true), or else the caller is to draw one of *block numbers and bring it by serials_bring. One
 * thread draws for all who wait; what is used up within a second is drawn twice as large the next time.
 */
static bool serial_take(struct numbers *numbers, struct str name, int64_t now, int64_t *out, int64_t *block)
{
	struct number_series *series;

	pthread_mutex_lock(&numbers->lock);
	while ((series = series_require(numbers, name)) && series->next == series->end && series->drawing)
		pthread_cond_wait(&numbers->drawn, &numbers->lock);
	bool taken = series && series->next < series->end;

	*block = NUMBER_BLOCK;
	if (taken) {
		*out = series->next++;
	} else if (series) {
		bool busy = series->block > 0 && now - series->drawn_at < TIME_SECOND;

		if (busy)
			*block = series->block < NUMBER_BLOCK_MAX ? 2 * series->block : series->block;
		series->drawing = true;
	}
	pthread_mutex_unlock(&numbers->lock);
	return taken;
}

/* What was drawn, without the one that the caller keeps; block 0: drawing failed, the next who waits tries. */
static void serials_bring(struct numbers *numbers, struct str name, int64_t now, int64_t next, int64_t block)
{
	pthread_mutex_lock(&numbers->lock);
	struct number_series *series = series_find(numbers, name);

	if (series) {
		series->drawing = false;
		if (block > 0) {
			series->next = next;
			series->end = next - 1 + block;
			series->block = block;
			series->drawn_at = now;
		}
	}
	pthread_cond_broadcast(&numbers->drawn);
	pthread_mutex_unlock(&numbers->lock);
}

struct reserve {
	struct str name;
	int64_t block;
	int64_t end;
};

static err reserve_in_tx(struct cx *cx, void *arg)
{
	struct reserve *reserve = arg;
	struct q_number_series_take_row row;

	TRY(q_number_series_take(cx_tx(cx), reserve->name, reserve->block, &row));
	reserve->end = row.next;
	return ok();
}

static err serial_next(struct cx *cx, struct str name, int64_t *out)
{
	struct numbers *numbers = cx->portal->numbers;
	struct reserve reserve = {.name = name};

	if (serial_take(numbers, name, cx->now, out, &reserve.block))
		return ok();
	err e = cx_write(cx, reserve_in_tx, &reserve);
	int64_t first = reserve.end - reserve.block;

	serials_bring(numbers, name, cx->now, first + 1, failed(e) ? 0 : reserve.block);
	TRY(e);
	*out = first;
	return ok();
}

err number_temporary(
	struct cx *cx, struct str bureau_letter, struct str procedure_code, struct str *out)
{
	int year = time_in_japan(cx->now).year % 100;
	struct str name = str_fmt(cx->arena, STR_FMT STR_FMT "%02d", STR_ARG(bureau_letter),
		STR_ARG(procedure_code), year);
	int64_t serial;

	if (name.n >= sizeof((struct number_series *)0)->name)
		return fail(ERR_INTERNAL, "letters of a reception number too long");
	if (cx->tx_is_write)
		return fail(ERR_INTERNAL,
			"serial numbers are drawn before the transaction that uses them");
	TRY(serial_next(cx, name, &serial));
	if (serial > NUMBER_SERIAL_MAX)
		return fail(ERR_LIMIT, "series of reception numbers is full");
	*out = str_fmt(cx->arena, STR_FMT "オン" STR_FMT "T%02d%06lld", STR_ARG(bureau_letter),
		STR_ARG(procedure_code), year, (long long)serial);
	return ok();
}
