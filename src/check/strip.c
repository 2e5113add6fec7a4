#include "check/strip.h"

/* Markers of ISO/IEC 10918-1, table B.1: the byte behind 0xff. */
#define SOI 0xd8
#define EOI 0xd9
#define SOS 0xda
#define RST0 0xd0
#define RST7 0xd7
#define TEM 0x01
#define APP0 0xe0
#define APP14 0xee
#define APP15 0xef
#define COM 0xfe

struct copy {
	struct str in;
	size_t at;
	uint8_t *out;
	size_t n;
};

static uint8_t byte_at(const struct copy *copy, size_t at)
{
	return at < copy->in.n ? (uint8_t)copy->in.p[at] : 0;
}

static void keep(struct copy *copy, size_t from, size_t count)
{
	memcpy(copy->out + copy->n, copy->in.p + from, count);
	copy->n += count;
}

static bool is_metadata(uint8_t marker)
{
	return (marker >= APP0 && marker <= APP15 && marker != APP14) || marker == COM;
}

/* The bytes of a scan: up to the next marker that is not one of those inside scans. */
static void copy_scan(struct copy *copy)
{
	size_t from = copy->at;
	while (copy->at < copy->in.n) {
		uint8_t next = byte_at(copy, copy->at + 1);
		bool inside = next == 0 || (next >= RST0 && next <= RST7) || next == 0xff;
		if (byte_at(copy, copy->at) == 0xff && !inside)
			break;
		copy->at++;
	}
	keep(copy, from, copy->at - from);
}

/* To the next marker: filling and stray bytes are left out. False: there is none. */
static bool find_marker(struct copy *copy, uint8_t *marker)
{
	while (copy->at + 1 < copy->in.n) {
		uint8_t code = byte_at(copy, copy->at + 1);
		if (byte_at(copy, copy->at) == 0xff && code != 0 && code != 0xff) {
			*marker = code;
			return true;
		}
		copy->at++;
	}
	return false;
}

static bool copy_segment(struct copy *copy, uint8_t marker)
{
	size_t length = (size_t)byte_at(copy, copy->at + 2) << 8 | byte_at(copy, copy->at + 3);
	if (length < 2 || length + 2 > copy->in.n - copy->at)
		return false;
	if (!is_metadata(marker))
		keep(copy, copy->at, length + 2);
	copy->at += length + 2;
	if (marker == SOS)
		copy_scan(copy);
	return true;
}

size_t strip_jpeg(struct str file, uint8_t *out)
{
	struct copy copy = {.in = file, .out = out};
	uint8_t marker;
	bool scanned = false;
	if (byte_at(&copy, 0) != 0xff || byte_at(&copy, 1) != SOI)
		return 0;
	keep(&copy, 0, 2);
	copy.at = 2;
	while (find_marker(&copy, &marker)) {
		if (marker == EOI) {
			keep(&copy, copy.at, 2);
			return scanned ? copy.n : 0;
		}
		if (marker == TEM || marker == SOI || (marker >= RST0 && marker <= RST7)) {
			copy.at += 2;
			continue;
		}
		scanned = scanned || marker == SOS;
		if (!copy_segment(&copy, marker))
			return 0;
	}
	return 0;
}
