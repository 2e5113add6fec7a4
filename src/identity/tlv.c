#include "identity/tlv.h"

static unsigned byte_at(struct str s, size_t i)
{
	return (unsigned char)s.p[i];
}

/* False: not the shortest form, or not all there. */
static bool read_length(struct str s, size_t *head, size_t *n)
{
	if (s.n < 1)
		return false;
	unsigned first = byte_at(s, 0);
	if (first < 0x80) {
		*head = 1;
		*n = first;
		return true;
	}
	*head = first == 0x81 ? 2 : 3;
	if ((first != 0x81 && first != 0x82) || s.n < *head)
		return false;
	*n = first == 0x81 ? byte_at(s, 1) : byte_at(s, 1) << 8 | byte_at(s, 2);
	return *n >= (first == 0x81 ? 0x80u : 0x100u);
}

err tlv_take(struct str *rest, unsigned tag, struct tlv *out)
{
	size_t head, n;
	if (rest->n < 2 || (byte_at(*rest, 0) << 8 | byte_at(*rest, 1)) != tag)
		return fail(ERR_INVALID, "applet file: no value %04X", tag);
	struct str behind = str_skip(*rest, 2);
	if (!read_length(behind, &head, &n) || n > behind.n - head)
		return fail(ERR_INVALID, "applet file: length of %04X", tag);
	out->content = str_sub(behind, head, n);
	out->whole = str_sub(*rest, 0, 2 + head + n);
	*rest = str_skip(*rest, 2 + head + n);
	return ok();
}

err tlv_only(struct str bytes, unsigned tag, struct str *content)
{
	struct tlv value;
	TRY(tlv_take(&bytes, tag, &value));
	if (bytes.n)
		return fail(ERR_INVALID, "applet file: something behind %04X", tag);
	*content = value.content;
	return ok();
}
