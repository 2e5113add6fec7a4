#include "identity/card_names.h"

#include "base/utf8.h"
#include "crypto/der.h"
#include "identity/card_text.h"

/* The last arc behind 1.2.392.200149.8.5.5 is the index; 0 is none. */
#define ITEMS 7
enum {
	ITEM_NAME = 1,
	ITEM_NAME_SUBST = 2,
	ITEM_SEX = 3,
	ITEM_BIRTH = 4,
	ITEM_ADDRESS = 5,
	ITEM_ADDRESS_SUBST = 6
};

static const struct str arc = STR_INIT("\x2A\x83\x08\x8C\x9B\x55\x08\x05\x05");

/* 0: not one of the items. */
static unsigned item_of(struct str oid)
{
	if (oid.n != arc.n + 1 || !str_starts(oid, arc))
		return 0;
	unsigned last = (unsigned char)oid.p[arc.n];
	return last < ITEMS ? last : 0;
}

static err read_name(struct str content, struct str items[ITEMS])
{
	struct der oid, holder;
	struct str text;
	TRY(der_take(&content, DER_OID, &oid));
	unsigned item = item_of(oid.content);
	if (!item)
		return ok();
	if (!str_absent(items[item]))
		return fail(ERR_INVALID, "card's names: item %u twice", item);
	TRY(der_take(&content, DER_IN(0), &holder));
	TRY(der_only(holder.content, DER_UTF8_STRING, &text));
	if (content.n)
		return fail(ERR_INVALID, "card's names: something behind item %u", item);
	items[item] = str_make(text.n ? text.p : "", text.n);
	return ok();
}

static err read_names(struct str alt_names, struct str items[ITEMS])
{
	struct str rest;
	TRY(der_only(alt_names, DER_SEQUENCE, &rest));
	while (rest.n) {
		struct der name;
		TRY(der_next(&rest, &name));
		if (name.tag == DER_IN(0)) /* otherName */
			TRY(read_name(name.content, items));
	}
	return ok();
}

static err read_birth(struct str text, struct basic4 *out)
{
	if (text.n != 9 || text.p[0] < '0' || text.p[0] > '9')
		return fail(ERR_INVALID, "card's names: not a date of birth");
	return card_birth(str_skip(text, 1), out);
}

static err read_sex(struct str text, struct basic4 *out)
{
	if (text.n != 1 || text.p[0] < '1' || text.p[0] > '3')
		return fail(ERR_INVALID, "card's names: not a sex");
	out->sex = (unsigned)(text.p[0] - '0');
	return ok();
}

err card_names_basic4(struct str alt_names, struct basic4 *out)
{
	struct str items[ITEMS] = {{0}};
	struct basic4 read = {.source = IDV_JPKI_SIGN};
	TRY(read_names(alt_names, items));
	if (str_absent(items[ITEM_NAME]) || str_absent(items[ITEM_SEX]) ||
		str_absent(items[ITEM_BIRTH]) || str_absent(items[ITEM_ADDRESS]))
		return fail(ERR_INVALID, "card's names: an item is missing");
	read.name = items[ITEM_NAME];
	read.name_subst = items[ITEM_NAME_SUBST];
	read.address = items[ITEM_ADDRESS];
	read.address_subst = items[ITEM_ADDRESS_SUBST];
	TRY(read_birth(items[ITEM_BIRTH], &read));
	TRY(read_sex(items[ITEM_SEX], &read));
	if (utf8_count(read.name) > CARD_NAME_MAX || utf8_count(read.address) > CARD_ADDRESS_MAX)
		return fail(ERR_INVALID, "card's names: too long");
	TRY(basic4_check(&read));
	*out = read;
	return ok();
}
