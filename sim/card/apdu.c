#include "sim/card/apdu.h"

static unsigned byte_at(struct str bytes, size_t i)
{
	return (uint8_t)bytes.p[i];
}

static unsigned pair_at(struct str bytes, size_t i)
{
	return byte_at(bytes, i) << 8 | byte_at(bytes, i + 1);
}

static err refuse(void)
{
	return fail(ERR_INVALID, "an APDU whose lengths do not agree");
}

/* Le of `width` bytes; 0 stands for the most that the width can say, plus one. */
static void take_le(struct str bytes, size_t at, size_t width, struct apdu *out)
{
	unsigned le = width == 1 ? byte_at(bytes, at) : pair_at(bytes, at);

	out->has_le = true;
	out->le = le != 0 ? le : width == 1 ? 256 : 65536;
}

/* Lc and data begin at `at` (behind Lc); behind the data there is nothing, or an Le. */
static err take_data(struct str bytes, size_t at, size_t count, size_t width, struct apdu *out)
{
	size_t left = bytes.n - at;

	if (count == 0 || (left != count && left != count + width))
		return refuse();
	out->data = str_sub(bytes, at, count);
	if (left > count)
		take_le(bytes, at + count, width, out);
	return ok();
}

err apdu_read(struct str bytes, struct apdu *out)
{
	struct apdu apdu = {0};

	if (bytes.n < 4)
		return refuse();
	apdu.cla = (uint8_t)bytes.p[0];
	apdu.ins = (uint8_t)bytes.p[1];
	apdu.p1 = (uint8_t)bytes.p[2];
	apdu.p2 = (uint8_t)bytes.p[3];
	if (bytes.n == 5)
		take_le(bytes, 4, 1, &apdu);
	else if (bytes.n > 5 && byte_at(bytes, 4) != 0)
		TRY(take_data(bytes, 5, byte_at(bytes, 4), 1, &apdu));
	else if (bytes.n == 7)
		take_le(bytes, 5, 2, &apdu);
	else if (bytes.n > 7)
		TRY(take_data(bytes, 7, pair_at(bytes, 5), 2, &apdu));
	else if (bytes.n == 6)
		return refuse();
	*out = apdu;
	return ok();
}

void apdu_write(struct buf *out, const struct apdu *apdu)
{
	bool extended = apdu->data.n > 255 || apdu->le > 256;
	uint8_t header[4] = {apdu->cla, apdu->ins, apdu->p1, apdu->p2};

	buf_bytes(out, header, sizeof header);
	if (extended)
		buf_byte(out, 0);
	if (apdu->data.n > 0) {
		if (extended)
			buf_byte(out, (char)(apdu->data.n >> 8 & 0xFF));
		buf_byte(out, (char)(apdu->data.n & 0xFF));
		buf_str(out, apdu->data);
	}
	if (apdu->le > 0) {
		if (extended)
			buf_byte(out, (char)(apdu->le >> 8 & 0xFF));
		buf_byte(out, (char)(apdu->le & 0xFF));
	}
}

void apdu_status(struct buf *answer, unsigned status)
{
	buf_byte(answer, (char)(status >> 8 & 0xFF));
	buf_byte(answer, (char)(status & 0xFF));
}

err apdu_answer(struct str answer, unsigned *status, struct str *data)
{
	if (answer.n < 2)
		return fail(ERR_INVALID, "an answer without a status");
	*status = pair_at(answer, answer.n - 2);
	*data = str_sub(answer, 0, answer.n - 2);
	return ok();
}
