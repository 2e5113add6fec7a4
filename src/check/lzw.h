#ifndef CHECK_LZW_H
#define CHECK_LZW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * LZW as PDF has it (ISO 32000-1, 7.4.4): codes of 9 to 12 bits, the highest bit first, 256 clears
 * the table, 257 ends. One byte goes in, the texts of the codes that it completes come out. Codes
 * become wider one code before they must (as writers do), or late: when they must ("EarlyChange" 0).
 */

#define LZW_CODES 4096

struct lzw {
	uint32_t bits; /* not used yet */
	unsigned bit_count;
	unsigned width; /* of a code */
	unsigned next;  /* the code that gets a text next */
	unsigned early; /* codes before there is need that they become wider: 1, or 0 */
	int last;       /* the code before; -1: none */
	size_t length[LZW_CODES];
	uint16_t before[LZW_CODES]; /* the text without its last byte */
	uint8_t byte[LZW_CODES];    /* its last byte */
	uint8_t text[LZW_CODES];    /* of the code that was read last */
};

enum lzw_end { LZW_MORE, LZW_DONE, LZW_DAMAGED };

void lzw_begin(struct lzw *lzw, bool late);

/* *length bytes came out: at most one code is complete with each byte, so it is one text. */
enum lzw_end lzw_byte(struct lzw *lzw, uint8_t byte, size_t *length);

static inline uint8_t lzw_out(const struct lzw *lzw, size_t i)
{
	return lzw->text[i];
}

#endif
