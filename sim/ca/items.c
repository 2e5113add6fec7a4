#include "sim/ca/extension.h"

/* The subjectAltName of signing certificates: six otherNames, each a UTF8String. */

#define MORE "1.2.392.200149.8.5.5.99"

struct item {
	const char *oid;
	struct str text;
	bool bmp;
};

static err value_of(const struct item *item, ASN1_TYPE **out)
{
	ASN1_STRING *text = ASN1_STRING_type_new(item->bmp ? V_ASN1_BMPSTRING : V_ASN1_UTF8STRING);
	ASN1_TYPE *value = ASN1_TYPE_new();
	bool set = false;
	if (text && value && item->bmp)
		set = ASN1_mbstring_copy(&text, (const unsigned char *)item->text.p,
			      (int)item->text.n, MBSTRING_UTF8, B_ASN1_BMPSTRING) > 0;
	else if (text && value)
		set = ASN1_STRING_set(text, item->text.p ? item->text.p : "", (int)item->text.n) ==
		      1;
	if (!set) {
		ASN1_STRING_free(text);
		ASN1_TYPE_free(value);
		return ssl_error(__func__);
	}
	ASN1_TYPE_set(value, text->type, text);
	*out = value;
	return ok();
}

static err add_item(GENERAL_NAMES *names, const struct item *item)
{
	AUTO_SSL(general) GENERAL_NAME *one = GENERAL_NAME_new();
	ASN1_TYPE *value = NULL;
	NEED(one);
	TRY(value_of(item, &value));
	ASN1_OBJECT *oid = OBJ_txt2obj(item->oid, 1);
	if (!oid || GENERAL_NAME_set0_othername(one, oid, value) != 1) {
		ASN1_OBJECT_free(oid);
		ASN1_TYPE_free(value);
		return ssl_error(__func__);
	}
	NEED(sk_GENERAL_NAME_push(names, one) > 0);
	one = NULL;
	return ok();
}

err extension_items(X509 *cert, const struct ca_person *person, const struct ca_wrong *wrong)
{
	AUTO_ARENA arena;
	arena_init(&arena, 16384);
	struct str texts[PERSON_ITEMS];
	person_items(&arena, person, texts);
	AUTO_SSL(generals) GENERAL_NAMES *names = GENERAL_NAMES_new();
	NEED(names);
	for (unsigned i = 0; i < PERSON_ITEMS; i++) {
		unsigned bit = 1u << i;
		bool other = !str_absent(wrong->item_text[i]);
		struct item item = {
			person_oids[i],
			other ? wrong->item_text[i] : texts[i],
			wrong->item_bmp & bit,
		};
		if (!(wrong->item_missing & bit))
			TRY(add_item(names, &item));
		if (wrong->item_double & bit)
			TRY(add_item(names, &item));
	}
	if (wrong->item_more)
		TRY(add_item(names, &(struct item){MORE, STR("カナ"), false}));
	NEED(X509_add1_ext_i2d(cert, NID_subject_alt_name, names, 0, X509V3_ADD_APPEND) == 1);
	return ok();
}
