#include "identity/card_text.h"

#include "crypto/cv.h"
#include "crypto/digest.h"
#include "identity/tlv.h"

#define FIELDS 4
#define OFFSET_BYTES 2
#define CVC_BODY (2 * CV_ID_BYTES + CV_KEY_BYTES)

/* A signature at the end of a list of values: over all before it, by the key. */
static err check_signed(const struct cv_key *key, struct str list, struct str head, unsigned tag)
{
	struct str rest = str_skip(list, head.n), signature;
	TRY(tlv_only(rest, tag, &signature));
	return cv_signed(key, head, signature);
}

/* ---- 0004: whose key has signed the others ---- */

static err read_office(const struct anchors *anchors, struct str ef0004, struct cv_key **out,
	enum idv_error *fault)
{
	struct str list;
	struct tlv body;
	*fault = IDV_ERROR_cert_malformed;
	TRY(tlv_only(ef0004, 0x7F21, &list));
	TRY(tlv_take(&list, 0x5F4E, &body));
	struct str signature;
	TRY(tlv_only(list, 0x5F37, &signature));
	if (body.content.n != CVC_BODY || signature.n != CV_SIGNATURE_BYTES)
		return fail(ERR_INVALID, "applet certificate: of another size");
	*fault = IDV_ERROR_cert_untrusted;
	const struct cv_key *root = anchors_cv_key(anchors, str_sub(body.content, 0, CV_ID_BYTES));
	if (!root)
		return fail(ERR_INVALID, "applet certificate: of a root key that is none of ours");
	TRY(cv_signed(root, body.content, signature));
	*fault = IDV_ERROR_cert_malformed;
	return cv_key_read(str_skip(body.content, (size_t)2 * CV_ID_BYTES), out);
}

/* ---- 0007: the applet's own key, and what it signed ---- */

static err check_applet(
	const struct cv_key *office, const struct evidence *evidence, enum idv_error *fault)
{
	AUTO_CV_KEY struct cv_key *own = NULL;
	struct str list, rest;
	struct tlv key;
	*fault = IDV_ERROR_cert_malformed;
	TRY(tlv_only(evidence->ef0007, 0xFF50, &list));
	rest = list;
	TRY(tlv_take(&rest, 0xDF51, &key));
	TRY(cv_key_read(key.content, &own));
	*fault = IDV_ERROR_sig_invalid;
	TRY(check_signed(office, list, key.whole, 0xDF52));
	return cv_signed(own, evidence->statement, evidence->signature);
}

/* ---- 0002 and 0003: the four items, and that the office has signed them ---- */

static err open_items(struct str ef0002, struct str *items)
{
	struct str list;
	struct tlv table, value;
	TRY(tlv_only(ef0002, 0xFF20, &list));
	TRY(tlv_take(&list, 0xDF21, &table));
	if (table.content.n != (size_t)FIELDS * OFFSET_BYTES)
		return fail(ERR_INVALID, "applet file: the table of offsets");
	*items = list;
	for (unsigned i = 0; i < FIELDS; i++) {
		unsigned high = (unsigned char)table.content.p[2 * i];
		unsigned low = (unsigned char)table.content.p[2 * i + 1];
		if ((high << 8 | low) != ef0002.n - list.n)
			return fail(ERR_INVALID, "applet file: an offset points elsewhere");
		TRY(tlv_take(&list, 0xDF22 + i, &value));
	}
	return list.n ? fail(ERR_INVALID, "applet file: something behind the items") : ok();
}

static err check_items(
	const struct cv_key *office, const struct evidence *evidence, enum idv_error *fault)
{
	uint8_t digest[SHA256_BYTES];
	struct str items, list, rest;
	struct tlv other, ours;
	*fault = IDV_ERROR_basic4_malformed;
	TRY(open_items(evidence->ef0002, &items));
	TRY(tlv_only(evidence->ef0003, 0xFF30, &list));
	rest = list;
	TRY(tlv_take(&rest, 0xDF31, &other));
	TRY(tlv_take(&rest, 0xDF32, &ours));
	if (other.content.n != SHA256_BYTES)
		return fail(ERR_INVALID, "applet file: a digest of another size");
	*fault = IDV_ERROR_sig_invalid;
	sha256(items, digest);
	if (!str_eq(ours.content, str_make((const char *)digest, sizeof digest)))
		return fail(ERR_INVALID, "applet file: the items are not those that were signed");
	return check_signed(office, list, str_sub(list, 0, other.whole.n + ours.whole.n), 0xDF33);
}

static bool is_my_number(struct str file)
{
	return str_starts(file, STR("\xFF\x10"));
}

err card_text_check(
	const struct anchors *anchors, const struct evidence *evidence, enum idv_error *fault)
{
	AUTO_CV_KEY struct cv_key *office = NULL;
	*fault = IDV_ERROR_my_number_present;
	if (is_my_number(evidence->ef0002) || is_my_number(evidence->ef0003) ||
		is_my_number(evidence->ef0004) || is_my_number(evidence->ef0007))
		return fail(ERR_INVALID, "applet file: the one with the My Number");
	TRY(read_office(anchors, evidence->ef0004, &office, fault));
	TRY(check_items(office, evidence, fault));
	return check_applet(office, evidence, fault);
}

/* ---- reading ---- */

err card_birth(struct str digits, struct basic4 *out)
{
	uint64_t number;
	if (digits.n != 8 || !str_to_u64(digits, &number))
		return fail(ERR_INVALID, "not a date of birth");
	out->year = (int32_t)(number / 10000);
	out->month = (unsigned)(number / 100 % 100);
	out->day = (unsigned)(number % 100);
	return ok();
}

err card_text_basic4(struct str ef0002, struct basic4 *out)
{
	struct str items;
	struct tlv fields[FIELDS];
	struct basic4 read = {.source = IDV_CARD_TEXT};
	TRY(open_items(ef0002, &items));
	for (unsigned i = 0; i < FIELDS; i++)
		TRY(tlv_take(&items, 0xDF22 + i, &fields[i]));
	read.name = fields[0].content;
	read.address = fields[1].content;
	TRY(card_birth(fields[2].content, &read));
	/* JIS X 0303: 9 is "not applicable", which certificates write as 3. */
	struct str sex = fields[3].content;
	if (sex.n != 1 || !strchr("1239", sex.p[0]) || !sex.p[0])
		return fail(ERR_INVALID, "not a sex of a card");
	read.sex = sex.p[0] == '9' ? 3 : (unsigned)(sex.p[0] - '0');
	TRY(basic4_check(&read));
	*out = read;
	return ok();
}
