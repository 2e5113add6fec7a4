#include "domain/postal.h"

#include "base/auto.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

/*
 * The file, all numbers little-endian, all tables in this order without gaps:
 *
 *   header  8 bytes "postal1\n"; u32 each: codes, places, cities, bytes of text
 *   codes   u32 each: the seven digits as a number, rising
 *   first   u32 each, codes + 1 of them: where a code's places begin and the one's before end
 *   places  { u32 text of the town; u16 its bytes; u16 city }
 *   cities  { u32 text of prefecture and city; u16 bytes of the first; u16 bytes of the second }
 *   text    UTF-8
 */

struct header {
	char magic[8];
	uint32_t codes, places, cities, text;
};
struct place {
	uint32_t text;
	uint16_t town_bytes, city;
};
struct city {
	uint32_t text;
	uint16_t prefecture_bytes, city_bytes;
};

#define MAGIC "postal1\n"
#define FILE_MAX (16u << 20)

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the tables are read as they lie in the file"
#endif

struct postal {
	void *map;
	size_t bytes;
	const struct header *header;
	const uint32_t *codes, *first;
	const struct place *places;
	const struct city *cities;
	const char *text;
};

/* Every offset once, so that postal_find need not look again. */
static bool tables_good(const struct postal *postal)
{
	const struct header *h = postal->header;

	if (postal->first[0] != 0 || postal->first[h->codes] != h->places)
		return false;
	for (uint32_t i = 0; i < h->codes; i++)
		if (postal->first[i] > postal->first[i + 1] ||
			(i > 0 && postal->codes[i - 1] >= postal->codes[i]))
			return false;
	for (uint32_t i = 0; i < h->places; i++) {
		const struct place *place = &postal->places[i];

		if (place->city >= h->cities || (uint64_t)place->text + place->town_bytes > h->text)
			return false;
	}
	for (uint32_t i = 0; i < h->cities; i++) {
		const struct city *city = &postal->cities[i];

		if ((uint64_t)city->text + city->prefecture_bytes + city->city_bytes > h->text)
			return false;
	}
	return true;
}

static bool tables_find(struct postal *postal)
{
	const char *p = (const char *)postal->map + sizeof(struct header);
	const struct header *h = postal->map;

	if (postal->bytes < sizeof *h || memcmp(h->magic, MAGIC, sizeof h->magic) != 0)
		return false;
	uint64_t want = sizeof *h + ((uint64_t)h->codes * 2 + 1) * sizeof(uint32_t) +
			(uint64_t)h->places * sizeof(struct place) +
			(uint64_t)h->cities * sizeof(struct city) + h->text;

	if (want != postal->bytes)
		return false;
	postal->header = h;
	postal->codes = (const void *)p;
	p += h->codes * sizeof(uint32_t);
	postal->first = (const void *)p;
	p += (h->codes + 1) * sizeof(uint32_t);
	postal->places = (const void *)p;
	p += h->places * sizeof(struct place);
	postal->cities = (const void *)p;
	postal->text = p + h->cities * sizeof(struct city);
	if (!tables_good(postal))
		return false;
	/* All of it has been looked at; what people look up is a page here and there. */
	(void)madvise(postal->map, postal->bytes, MADV_DONTNEED);
	return true;
}

err postal_open(const char *file, struct postal **out)
{
	AUTO_FD int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return fail(ERR_NOT_FOUND, "cannot read %s", file);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
		st.st_size < (off_t)sizeof(struct header) || st.st_size > (off_t)FILE_MAX)
		return fail(ERR_INVALID, "%s is no table of postal codes", file);
	size_t bytes = (size_t)st.st_size;
	void *map = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, fd, 0);

	if (map == MAP_FAILED)
		return fail(ERR_UNAVAILABLE, "cannot map %s", file);
	struct postal *postal = calloc(1, sizeof *postal);

	if (postal) {
		postal->map = map;
		postal->bytes = bytes;
	}
	if (!postal || !tables_find(postal)) {
		munmap(map, bytes);
		free(postal);
		return fail(ERR_INVALID, "%s is no table of postal codes", file);
	}
	*out = postal;
	return ok();
}

void postal_close(struct postal *postal)
{
	if (!postal)
		return;
	munmap(postal->map, postal->bytes);
	free(postal);
}

/* False: not seven digits. */
static bool code_number(struct str code, uint32_t *out)
{
	uint32_t number = 0;

	if (code.n != 7)
		return false;
	for (size_t i = 0; i < code.n; i++) {
		if (code.p[i] < '0' || code.p[i] > '9')
			return false;
		number = number * 10 + (uint32_t)(code.p[i] - '0');
	}
	*out = number;
	return true;
}

static struct postal_place place_of(const struct postal *postal, const struct place *place)
{
	const struct city *city = &postal->cities[place->city];

	return (struct postal_place){
		.prefecture = str_make(postal->text + city->text, city->prefecture_bytes),
		.city = str_make(
			postal->text + city->text + city->prefecture_bytes, city->city_bytes),
		.town = str_make(postal->text + place->text, place->town_bytes),
	};
}

size_t postal_find(
	const struct postal *postal, struct str code, struct postal_place out[POSTAL_PLACES_MAX])
{
	uint32_t number, low = 0, high;
	size_t n = 0;

	if (!postal || !code_number(code, &number))
		return 0;
	high = postal->header->codes;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (postal->codes[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == postal->header->codes || postal->codes[low] != number)
		return 0;
	for (uint32_t i = postal->first[low]; i < postal->first[low + 1] && n < POSTAL_PLACES_MAX;
		i++)
		out[n++] = place_of(postal, &postal->places[i]);
	return n;
}

/* The longest town of that city. */
static size_t town_at(const struct postal *postal, uint32_t city, struct str text)
{
	size_t longest = 0;

	for (uint32_t i = 0; i < postal->header->places; i++) {
		const struct place *place = &postal->places[i];

		if (place->city == city && place->town_bytes > longest &&
			str_starts(text, str_make(postal->text + place->text, place->town_bytes)))
			longest = place->town_bytes;
	}
	return longest;
}

size_t postal_beginning(const struct postal *postal, struct str text)
{
	size_t longest = 0;

	for (uint32_t i = 0; postal && i < postal->header->cities; i++) {
		const struct city *city = &postal->cities[i];
		size_t n = city->prefecture_bytes, both = n + city->city_bytes;

		if (!str_starts(text, str_make(postal->text + city->text, n)))
			continue;
		if (str_starts(text, str_make(postal->text + city->text, both)))
			n = both + town_at(postal, i, str_skip(text, both));
		if (n > longest)
			longest = n;
	}
	return longest;
}
