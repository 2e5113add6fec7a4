#include "check/pages.h"

#include "base/limits.h"

#include <assert.h>
#include <stdarg.h>

/* Points of 1/72 inch. */
#define A4_SHORT 595.28
#define A4_LONG 841.89
#define MARGIN 28.35

/* Objects: 1 the catalog, 2 the tree, then three for each page: page, content, picture. */
#define FIRST 3
#define PER_PAGE 3
/* All but the picture of a page, with its rows of the table. */
#define ROOM_PER_PAGE 1200
#define ROOM_AROUND 1000

struct writer {
	char *p;
	size_t n, room;
	size_t at[FIRST + PER_PAGE * LIMIT_PAGES_IN]; /* of each object */
};

size_t pages_room(const struct page_picture *pictures, size_t count)
{
	size_t room = ROOM_AROUND + count * ROOM_PER_PAGE;
	for (size_t i = 0; i < count; i++)
		room += pictures[i].bytes.n;
	return room;
}

__attribute__((format(printf, 2, 3))) static void say(struct writer *writer, const char *form, ...)
{
	va_list args;
	va_start(args, form);
	int n = vsnprintf(writer->p + writer->n, writer->room - writer->n, form, args);
	va_end(args);
	assert(n >= 0 && (size_t)n < writer->room - writer->n);
	writer->n += (size_t)n;
}

static void put(struct writer *writer, struct str bytes)
{
	assert(bytes.n < writer->room - writer->n);
	memcpy(writer->p + writer->n, bytes.p, bytes.n);
	writer->n += bytes.n;
}

static void begin_object(struct writer *writer, size_t id)
{
	writer->at[id] = writer->n;
	say(writer, "%zu 0 obj\n", id);
}

struct box {
	double x, y, width, height;
};

/* How the unit square of a picture lies in its box: columns of the matrix as multiples of the box's
 * sides, for each EXIF orientation. */
static const struct turn {
	int a, b, c, d, e, f;
} turns[9] = {
	[1] = {1, 0, 0, 1, 0, 0},
	[2] = {-1, 0, 0, 1, 1, 0},
	[3] = {-1, 0, 0, -1, 1, 1},
	[4] = {1, 0, 0, -1, 0, 1},
	[5] = {0, -1, -1, 0, 1, 1},
	[6] = {0, -1, 1, 0, 0, 1},
	[7] = {0, 1, 1, 0, 0, 0},
	[8] = {0, 1, -1, 0, 1, 0},
};

static void write_content(
	struct writer *writer, size_t id, const struct box *box, unsigned orientation)
{
	char content[200];
	const struct turn *t = &turns[orientation];
	int n = snprintf(content, sizeof content,
		"q %.3f %.3f %.3f %.3f %.3f %.3f cm /Picture Do Q\n", t->a * box->width,
		t->b * box->height, t->c * box->width, t->d * box->height,
		box->x + t->e * box->width, box->y + t->f * box->height);
	begin_object(writer, id);
	say(writer, "<< /Length %d >>\nstream\n%s\nendstream\nendobj\n", n, content);
}

static void write_page(struct writer *writer, size_t id, const struct page_picture *picture)
{
	bool turned = picture->orientation >= 5;
	unsigned width = turned ? picture->height : picture->width;
	unsigned height = turned ? picture->width : picture->height;
	double page_width = width > height ? A4_LONG : A4_SHORT;
	double page_height = width > height ? A4_SHORT : A4_LONG;
	double across = (page_width - 2 * MARGIN) / width,
	       down = (page_height - 2 * MARGIN) / height;
	double scale = across < down ? across : down;
	struct box box = {.width = width * scale, .height = height * scale};
	box.x = (page_width - box.width) / 2;
	box.y = (page_height - box.height) / 2;
	begin_object(writer, id);
	say(writer,
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] /Contents %zu 0 R "
		"/Resources << /XObject << /Picture %zu 0 R >> >> >>\nendobj\n",
		page_width, page_height, id + 1, id + 2);
	write_content(writer, id + 1, &box, picture->orientation);
}

static void write_picture(struct writer *writer, size_t id, const struct page_picture *picture)
{
	begin_object(writer, id);
	say(writer,
		"<< /Type /XObject /Subtype /Image /Width %u /Height %u /ColorSpace /%s "
		"/BitsPerComponent 8 /Filter /DCTDecode /Length %zu >>\nstream\n",
		picture->width, picture->height, picture->grey ? "DeviceGray" : "DeviceRGB",
		picture->bytes.n);
	put(writer, picture->bytes);
	say(writer, "\nendstream\nendobj\n");
}

static void write_tree(struct writer *writer, size_t count)
{
	begin_object(writer, 1);
	say(writer, "<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
	begin_object(writer, 2);
	say(writer, "<< /Type /Pages /Count %zu /Kids [", count);
	for (size_t i = 0; i < count; i++)
		say(writer, " %zu 0 R", FIRST + i * PER_PAGE);
	say(writer, " ] >>\nendobj\n");
}

static void write_table(struct writer *writer, size_t objects)
{
	size_t table = writer->n;
	say(writer, "xref\n0 %zu\n0000000000 65535 f \n", objects);
	for (size_t id = 1; id < objects; id++)
		say(writer, "%010zu 00000 n \n", writer->at[id]);
	say(writer, "trailer\n<< /Size %zu /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", objects,
		table);
}

struct str pages_write(const struct page_picture *pictures, size_t count, char *out)
{
	struct writer writer = {.p = out, .room = pages_room(pictures, count)};
	assert(count >= 1 && count <= LIMIT_PAGES_IN);
	/* Four bytes above 127 tell programs that move files that this is no text. */
	say(&writer, "%%PDF-1.4\n%%\xe2\xe3\xcf\xd3\n");
	write_tree(&writer, count);
	for (size_t i = 0; i < count; i++) {
		write_page(&writer, FIRST + i * PER_PAGE, &pictures[i]);
		write_picture(&writer, FIRST + i * PER_PAGE + 2, &pictures[i]);
	}
	write_table(&writer, FIRST + count * PER_PAGE);
	return str_make(writer.p, writer.n);
}
