#include "check/lzw.h"

#include <string.h>

#define CLEAR 256
#define END 257
#define FIRST 258
#define NONE (-1)

static void clear(struct lzw *lzw)
{
	lzw->width = 9;
	lzw->next = FIRST;
	lzw->last = NONE;
}

void lzw_begin(struct lzw *lzw, bool late)
{
	memset(lzw, 0, sizeof *lzw);
	lzw->early = late ? 0 : 1;
	for (unsigned i = 0; i < 256; i++) {
		lzw->length[i] = 1;
		lzw->byte[i] = (uint8_t)i;
	}
	clear(lzw);
}

/* A text is written from its end: each code knows its last byte and the code of the rest. */
static void write_text(struct lzw *lzw, unsigned code)
{
	for (size_t at = lzw->length[code]; at > 0; code = lzw->before[code])
		lzw->text[--at] = lzw->byte[code];
}

/* The text of the code before, with one byte more, gets the next code. Its length grows by one each
 * time, so no text is longer than there are codes. */
static void learn(struct lzw *lzw, uint8_t byte)
{
	if (lzw->last == NONE || lzw->next >= LZW_CODES)
		return;
	lzw->length[lzw->next] = lzw->length[lzw->last] + 1;
	lzw->before[lzw->next] = (uint16_t)lzw->last;
	lzw->byte[lzw->next] = byte;
	lzw->next++;
	if (lzw->next + lzw->early >= 1u << lzw->width && lzw->width < 12)
		lzw->width++;
}

static enum lzw_end take_code(struct lzw *lzw, unsigned code, size_t *length)
{
	if (code == END)
		return LZW_DONE;
	if (code == CLEAR) {
		clear(lzw);
		return LZW_MORE;
	}
	if (code > lzw->next || (code == lzw->next && lzw->last == NONE) || code >= LZW_CODES)
		return LZW_DAMAGED;
	if (code == lzw->next) {
		/* The text that is only now made: the one before and its own first byte. */
		write_text(lzw, (unsigned)lzw->last);
		learn(lzw, lzw->text[0]);
		write_text(lzw, code);
	} else {
		write_text(lzw, code);
		learn(lzw, lzw->text[0]);
	}
	*length = lzw->length[code];
	lzw->last = (int)code;
	return LZW_MORE;
}

enum lzw_end lzw_byte(struct lzw *lzw, uint8_t byte, size_t *length)
{
	*length = 0;
	lzw->bits = lzw->bits << 8 | byte;
	lzw->bit_count += 8;
	if (lzw->bit_count < lzw->width)
		return LZW_MORE;
	lzw->bit_count -= lzw->width;
	unsigned code = lzw->bits >> lzw->bit_count & ((1u << lzw->width) - 1);
	return take_code(lzw, code, length);
}
