#include "check/filter.h"

#include "base/limits.h"
#include "check/lzw.h"

#include <assert.h>
#include <zlib.h>

#define PIECE ((size_t)16 << 10)

struct stage {
	struct stage *next; /* NULL: only counted */
	uint64_t given;
	uint64_t *total;
	size_t n; /* bytes that wait in piece */
	enum filter filter;
	bool ended; /* what follows belongs to nothing */
	union {
		z_stream flate;
		struct lzw lzw;
		struct {
			unsigned left; /* bytes of the run to copy */
			bool repeat;   /* the next byte is repeated `left` times */
		} run;
		struct {
			unsigned digits; /* of the group so far */
			uint64_t value;
		} ascii;
	};
	uint8_t piece[PIECE];
};

enum filter filter_of(struct str name)
{
	static const struct {
		struct str name;
		enum filter filter;
	} names[] = {
		{STR_INIT("FlateDecode"), FILTER_FLATE},
		{STR_INIT("Fl"), FILTER_FLATE},
		{STR_INIT("LZWDecode"), FILTER_LZW},
		{STR_INIT("LZW"), FILTER_LZW},
		{STR_INIT("RunLengthDecode"), FILTER_RUN_LENGTH},
		{STR_INIT("RL"), FILTER_RUN_LENGTH},
		{STR_INIT("ASCII85Decode"), FILTER_ASCII85},
		{STR_INIT("A85"), FILTER_ASCII85},
		{STR_INIT("ASCIIHexDecode"), FILTER_ASCII_HEX},
		{STR_INIT("AHx"), FILTER_ASCII_HEX},
	};
	if (str_starts(name, STR("/")))
		name = str_skip(name, 1);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (str_eq(name, names[i].name))
			return names[i].filter;
	}
	return FILTER_OTHER;
}

static enum filter_end push(struct stage *stage, const uint8_t *p, size_t n);

static enum filter_end flush(struct stage *stage)
{
	size_t n = stage->n;
	stage->n = 0;
	stage->given += n;
	*stage->total += n;
	if (stage->given > LIMIT_PDF_STREAM || *stage->total > LIMIT_PDF_UNPACKED)
		return FILTER_TOO_BIG;
	return stage->next && n ? push(stage->next, stage->piece, n) : FILTER_DONE;
}

/* `repeat` times the same byte comes out. */
static enum filter_end put(struct stage *stage, uint8_t byte, unsigned repeat)
{
	while (repeat-- > 0) {
		stage->piece[stage->n++] = byte;
		if (stage->n == PIECE) {
			enum filter_end end = flush(stage);
			if (end != FILTER_DONE)
				return end;
		}
	}
	return FILTER_DONE;
}

static enum filter_end push_flate(struct stage *stage, const uint8_t *p, size_t n)
{
	z_stream *z = &stage->flate;
	/* zlib does not change its input; the type is older than const. */
	memcpy(&z->next_in, &p, sizeof p);
	z->avail_in = (uInt)n;
	for (;;) {
		z->next_out = stage->piece;
		z->avail_out = PIECE;
		int said = inflate(z, Z_NO_FLUSH);
		stage->n = PIECE - z->avail_out;
		enum filter_end end = flush(stage);
		if (end != FILTER_DONE)
			return end;
		if (said == Z_STREAM_END)
			stage->ended = true;
		if (said == Z_STREAM_END || said == Z_BUF_ERROR)
			return FILTER_DONE;
		if (said != Z_OK)
			return said == Z_MEM_ERROR ? FILTER_MEMORY : FILTER_DAMAGED;
		if (z->avail_in == 0 && z->avail_out > 0)
			return FILTER_DONE;
	}
}

static enum filter_end push_lzw(struct stage *stage, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n && !stage->ended; i++) {
		size_t length;
		enum lzw_end said = lzw_byte(&stage->lzw, p[i], &length);
		if (said == LZW_DAMAGED)
			return FILTER_DAMAGED;
		for (size_t k = 0; k < length; k++) {
			enum filter_end end = put(stage, lzw_out(&stage->lzw, k), 1);
			if (end != FILTER_DONE)
				return end;
		}
		stage->ended = said == LZW_DONE;
	}
	return FILTER_DONE;
}

#define RUN_END 128

static enum filter_end push_run(struct stage *stage, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n && !stage->ended; i++) {
		enum filter_end end = FILTER_DONE;
		if (stage->run.left == 0) {
			stage->ended = p[i] == RUN_END;
			stage->run.repeat = p[i] > RUN_END;
			stage->run.left = stage->run.repeat ? 257u - p[i] : p[i] + 1u;
		} else if (stage->run.repeat) {
			end = put(stage, p[i], stage->run.left);
			stage->run.left = 0;
		} else {
			end = put(stage, p[i], 1);
			stage->run.left--;
		}
		if (end != FILTER_DONE)
			return end;
	}
	return FILTER_DONE;
}

static bool is_space(uint8_t byte)
{
	return byte == 0 || byte == '\t' || byte == '\n' || byte == '\f' || byte == '\r' ||
	       byte == ' ';
}

static enum filter_end put_hex(struct stage *stage, uint8_t digit)
{
	unsigned value = digit <= '9' ? digit - 0x30u : (digit | 0x20u) - 0x61u + 10u;
	stage->ascii.value = stage->ascii.value << 4 | value;
	if (++stage->ascii.digits < 2)
		return FILTER_DONE;
	stage->ascii.digits = 0;
	return put(stage, (uint8_t)stage->ascii.value, 1);
}

/* The first `bytes` of the four that a group of five digits stands for. */
static enum filter_end put_group(struct stage *stage, unsigned bytes)
{
	enum filter_end end = FILTER_DONE;
	if (stage->ascii.value > UINT32_MAX)
		return FILTER_DAMAGED;
	for (unsigned i = 0; i < bytes && end == FILTER_DONE; i++)
		end = put(stage, (uint8_t)(stage->ascii.value >> (24 - 8 * i)), 1);
	stage->ascii.digits = 0;
	stage->ascii.value = 0;
	return end;
}

static enum filter_end put_85(struct stage *stage, uint8_t digit)
{
	stage->ascii.value = stage->ascii.value * 85 + (digit - '!');
	return ++stage->ascii.digits == 5 ? put_group(stage, 4) : FILTER_DONE;
}

/* What an end in the middle of a group leaves: missing digits count as the highest ("u"), or as 0.
 */
static enum filter_end end_ascii(struct stage *stage, bool hex)
{
	unsigned digits = stage->ascii.digits;
	stage->ended = true;
	if (digits == 0)
		return FILTER_DONE;
	if (hex)
		return put_hex(stage, '0');
	if (digits == 1)
		return FILTER_DAMAGED;
	for (unsigned i = digits; i < 5; i++)
		stage->ascii.value = stage->ascii.value * 85 + 84;
	return put_group(stage, digits - 1);
}

static enum filter_end push_ascii(struct stage *stage, const uint8_t *p, size_t n)
{
	bool hex = stage->filter == FILTER_ASCII_HEX;
	for (size_t i = 0; i < n && !stage->ended; i++) {
		enum filter_end end = FILTER_DONE;
		if (is_space(p[i]))
			continue;
		if (p[i] == (hex ? '>' : '~'))
			end = end_ascii(stage, hex);
		else if (!hex && p[i] == 'z' && stage->ascii.digits == 0)
			end = put(stage, 0, 4);
		else if (hex ? !isxdigit(p[i]) : p[i] < '!' || p[i] > 'u')
			return FILTER_DAMAGED;
		else
			end = hex ? put_hex(stage, p[i]) : put_85(stage, p[i]);
		if (end != FILTER_DONE)
			return end;
	}
	return FILTER_DONE;
}

static enum filter_end push(struct stage *stage, const uint8_t *p, size_t n)
{
	if (stage->ended)
		return FILTER_DONE;
	switch (stage->filter) {
	case FILTER_FLATE:
		return push_flate(stage, p, n);
	case FILTER_LZW:
	case FILTER_LZW_LATE:
		return push_lzw(stage, p, n);
	case FILTER_RUN_LENGTH:
		return push_run(stage, p, n);
	case FILTER_ASCII85:
	case FILTER_ASCII_HEX:
		return push_ascii(stage, p, n);
	case FILTER_OTHER:
		break;
	}
	return FILTER_DONE;
}

static bool begin(struct stage *stage, enum filter filter, uint64_t *total)
{
	memset(stage, 0, offsetof(struct stage, piece));
	stage->filter = filter;
	stage->total = total;
	if (filter == FILTER_LZW || filter == FILTER_LZW_LATE)
		lzw_begin(&stage->lzw, filter == FILTER_LZW_LATE);
	return filter != FILTER_FLATE || inflateInit(&stage->flate) == Z_OK;
}

/* Hands on what waits in each stage; the one before has nothing more then. */
static enum filter_end finish(struct stage *stages, size_t count)
{
	enum filter_end end = FILTER_DONE;
	for (size_t i = 0; i < count && end == FILTER_DONE; i++)
		end = flush(&stages[i]);
	return end;
}

enum filter_end filter_measure(
	const enum filter *filters, size_t count, struct str bytes, uint64_t *total)
{
	/* 20 KiB each; a checker has one thread. */
	static struct stage stages[LIMIT_PDF_FILTERS];
	size_t n = 0;
	enum filter_end end = FILTER_DONE;
	assert(count <= LIMIT_PDF_FILTERS);
	while (n < count && filters[n] != FILTER_OTHER && end == FILTER_DONE) {
		end = begin(&stages[n], filters[n], total) ? FILTER_DONE : FILTER_MEMORY;
		if (n > 0)
			stages[n - 1].next = &stages[n];
		n++;
	}
	if (n > 0 && end == FILTER_DONE)
		end = push(&stages[0], (const uint8_t *)bytes.p, bytes.n);
	if (end == FILTER_DONE)
		end = finish(stages, n);
	for (size_t i = 0; i < n; i++) {
		if (stages[i].filter == FILTER_FLATE)
			inflateEnd(&stages[i].flate);
	}
	return end;
}
