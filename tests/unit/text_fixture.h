#ifndef TESTS_UNIT_TEXT_FIXTURE_H
#define TESTS_UNIT_TEXT_FIXTURE_H

#include "card_fixture.h"
#include "crypto/cv.h"
#include "identity/card_text.h"

/* The text applet's files, put together by hand from what the authority signs. */

#define STATEMENT STR("CLP1 BASIC4\nrp=rp:test\norigin=https://portal.example\nnonce=x\n")

static struct str tlv_made(unsigned tag, struct str content)
{
	char head[5] = {(char)(tag >> 8), (char)tag};
	size_t n = 2;
	if (content.n > 0xFF) {
		head[n++] = (char)0x82;
		head[n++] = (char)(content.n >> 8);
	} else if (content.n > 0x7F) {
		head[n++] = (char)0x81;
	}
	head[n++] = (char)(content.n & 0xFF);
	return joined(str_dup(&fixture.arena, str_make(head, n)), content);
}

static struct str office_signs(struct str bytes)
{
	struct str out;
	assert_int_equal(ca_text_sign(&fixture.ca, &fixture.arena, bytes, &out).code, OK);
	return out;
}

struct items {
	struct str name, address, birth, sex;
	int shift; /* added to each offset */
};

static const struct items right_items = {
	STR_INIT("黒桐　幹也"),
	STR_INIT("東京都清瀬市中清戸１－２３４－５６７"),
	STR_INIT("19800217"),
	STR_INIT("1"),
	0,
};

/* DF22 to DF25. */
static struct str fields_of(struct items items)
{
	return joined(joined(tlv_made(0xDF22, items.name), tlv_made(0xDF23, items.address)),
		joined(tlv_made(0xDF24, items.birth), tlv_made(0xDF25, items.sex)));
}

static struct str ef0002_of(struct items items)
{
	struct str fields = fields_of(items);
	const struct str values[] = {items.name, items.address, items.birth, items.sex};
	size_t inner = 11 + fields.n, at = (inner > 0xFF ? 5 : inner > 0x7F ? 4 : 3) + 11;
	char table[8];
	for (size_t i = 0; i < 4; i++) {
		table[2 * i] = (char)((at + (size_t)items.shift) >> 8);
		table[2 * i + 1] = (char)(at + (size_t)items.shift);
		at += tlv_made(0xDF22, values[i]).n;
	}
	return tlv_made(0xFF20,
		joined(tlv_made(0xDF21, str_dup(&fixture.arena, str_make(table, 8))), fields));
}

static struct str ef0003_of(struct str fields)
{
	uint8_t digest[SHA256_BYTES];
	sha256(fields, digest);
	struct str ours = str_dup(&fixture.arena, str_make((const char *)digest, sizeof digest));
	sha256(STR("the file of the My Number"), digest);
	struct str other = str_dup(&fixture.arena, str_make((const char *)digest, sizeof digest));
	struct str head = joined(tlv_made(0xDF31, other), tlv_made(0xDF32, ours));
	return tlv_made(0xFF30, joined(head, tlv_made(0xDF33, office_signs(head))));
}

static struct str ef0007_of(struct str public)
{
	struct str head = tlv_made(0xDF51, public);
	return tlv_made(0xFF50, joined(head, tlv_made(0xDF52, office_signs(head))));
}

/* A card with these items: its files, and the statement signed by its applet. */
static struct evidence text_card(struct items items)
{
	struct evidence card = {.method = EVIDENCE_CARD_TEXT, .statement = STATEMENT};
	struct str private, public;
	assert_int_equal(ca_text_key(&fixture.arena, &private, &public).code, OK);
	assert_int_equal(ca_cvc(&fixture.ca, &fixture.arena, &card.ef0004).code, OK);
	card.ef0002 = ef0002_of(items);
	card.ef0003 = ef0003_of(fields_of(items));
	card.ef0007 = ef0007_of(public);
	card.signature = sign_with(private, STATEMENT, false);
	return card;
}

#endif
