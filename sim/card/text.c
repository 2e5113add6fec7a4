#include "sim/card/text.h"

#include "base/random.h"
#include "crypto/digest.h"

#define FIELDS 4
#define OFFSET_BYTES 2
#define TEXT_FILE_MAX 4096

static void put_tag(struct buf *out, unsigned tag)
{
	if (tag > 0xFF)
		buf_byte(out, (char)(tag >> 8));
	buf_byte(out, (char)(tag & 0xFF));
}

static void put_length(struct buf *out, size_t n)
{
	if (n > 0xFF) {
		buf_byte(out, (char)0x82);
		buf_byte(out, (char)(n >> 8));
	} else if (n > 0x7F) {
		buf_byte(out, (char)0x81);
	}
	buf_byte(out, (char)(n & 0xFF));
}

static void put(struct buf *out, unsigned tag, struct str value)
{
	put_tag(out, tag);
	put_length(out, value.n);
	buf_str(out, value);
}

static struct str wrap(struct arena *arena, unsigned tag, struct str value)
{
	struct buf out;

	buf_init(&out, arena, value.n + 8);
	put(&out, tag, value);
	return buf_view(&out);
}

/* DF22 to DF25, and where each begins. */
static void put_fields(struct buf *out, const struct card_holder *holder, size_t begins[FIELDS])
{
	/* JIS X 0303 has no 3. */
	char sex = holder->sex == 3 ? '9' : (char)('0' + holder->sex);
	const struct str values[FIELDS] = {
		holder->name, holder->address, holder->birth, str_make(&sex, 1)};

	for (unsigned i = 0; i < FIELDS; i++) {
		begins[i] = out->n;
		put(out, 0xDF22 + i, values[i]);
	}
}

err text_basic4(struct arena *arena, const struct card_holder *holder, struct str *out)
{
	const size_t table = 3 + FIELDS * OFFSET_BYTES;
	size_t begins[FIELDS];
	struct buf fields, whole;

	if (holder->birth.n != 8 || holder->sex < 1 || holder->sex > 3)
		return fail(ERR_INVALID, "no holder of a card");
	buf_init(&fields, arena, TEXT_FILE_MAX);
	put_fields(&fields, holder, begins);
	TRY(buf_error(&fields));

	size_t inner = table + fields.n;
	size_t header = inner > 0xFF ? 5 : inner > 0x7F ? 4 : 3;

	buf_init(&whole, arena, TEXT_FILE_MAX);
	put_tag(&whole, 0xFF20);
	put_length(&whole, inner);
	put_tag(&whole, 0xDF21);
	put_length(&whole, FIELDS * OFFSET_BYTES);
	for (unsigned i = 0; i < FIELDS; i++) {
		size_t at = header + table + begins[i];

		buf_byte(&whole, (char)(at >> 8 & 0xFF));
		buf_byte(&whole, (char)(at & 0xFF));
	}
	buf_str(&whole, buf_view(&fields));
	TRY(buf_error(&whole));
	*out = buf_view(&whole);
	return ok();
}

char text_check_digit(const char digits[11])
{
	unsigned sum = 0;

	for (unsigned n = 1; n <= 11; n++) {
		unsigned digit = (unsigned)(digits[11 - n] - '0');

		sum += digit * (n <= 6 ? n + 1 : n - 5);
	}
	unsigned rest = sum % 11;

	return (char)(rest <= 1 ? '0' : '0' + (11 - rest));
}

void text_false_number(char out[12])
{
	for (unsigned i = 0; i < 11; i++)
		out[i] = (char)('0' + random_below(10));
	out[11] =
		(char)('0' + ((unsigned)(text_check_digit(out) - '0') + 1 + random_below(9)) % 10);
}

struct str text_my_number(struct arena *arena, const char digits[12])
{
	struct buf out;

	buf_init(&out, arena, 32);
	put(&out, 0xFF10, str_make(digits, 12));
	buf_lit(&out, "\xFF\xFF");
	return buf_view(&out);
}

/* `head` with its signature under `tag`, both under `outer`. */
static err sign(const struct ca *ca, struct arena *arena, unsigned outer, unsigned tag,
	struct buf *head, struct str *out)
{
	struct str signature;

	TRY(buf_error(head));
	TRY(ca_text_sign(ca, arena, buf_view(head), &signature));
	put(head, tag, signature);
	TRY(buf_error(head));
	*out = wrap(arena, outer, buf_view(head));
	return ok();
}

/* 0002 from DF22 on: without the outer header and the table of offsets. */
static err basic4_fields(struct str file, struct str *out)
{
	size_t n = file.n > 3 ? (uint8_t)file.p[2] : 0;
	size_t header = n == 0x82 ? 5 : n == 0x81 ? 4 : 3;
	size_t skip = header + 3 + FIELDS * OFFSET_BYTES;

	if (file.n <= skip)
		return fail(ERR_INVALID, "no file of the basic four items");
	*out = str_skip(file, skip);
	return ok();
}

err text_integrity(const struct ca *ca, struct arena *arena, struct str my_number,
	struct str basic4, struct str *out)
{
	uint8_t digest[SHA256_BYTES];
	struct str fields;
	struct buf head;

	TRY(basic4_fields(basic4, &fields));
	buf_init(&head, arena, TEXT_FILE_MAX);
	sha256(my_number, digest);
	put(&head, 0xDF31, str_make((const char *)digest, sizeof digest));
	sha256(fields, digest);
	put(&head, 0xDF32, str_make((const char *)digest, sizeof digest));
	return sign(ca, arena, 0xFF30, 0xDF33, &head, out);
}

err text_signed_key(
	const struct ca *ca, struct arena *arena, struct str public_key, struct str *out)
{
	struct buf head;

	buf_init(&head, arena, TEXT_FILE_MAX);
	put(&head, 0xDF51, public_key);
	return sign(ca, arena, 0xFF50, 0xDF52, &head, out);
}

struct str text_about(struct arena *arena)
{
	char padded[128];
	struct buf inner;

	/* What the 32 bytes are is not known; random ones do. */
	memset(padded, 0xFF, sizeof padded);
	random_bytes(padded, 32);
	buf_init(&inner, arena, 256);
	put(&inner, 0xDF41, STR("\x01\x03\x0E\x01"));
	put(&inner, 0xDF42,
		STR("9000034\x08\x05"
		    "001\0\0\0\0"));
	put(&inner, 0xDF43, str_make(padded, sizeof padded));
	return wrap(arena, 0xFF40, buf_view(&inner));
}

struct str text_session_key(struct arena *arena, struct str public_key)
{
	return wrap(arena, 0xA1, public_key);
}
