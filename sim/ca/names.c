#include "sim/ca/names.h"

#include "base/buf.h"
#include "base/random.h"
#include "base/time.h"

#define OFFICE STR("44202001A")

static const char *const units[CA_KIND_COUNT] = {
	[CA_AUTH] = "JPKI for user authentication",
	[CA_SIGN] = "JPKI for digital signature",
};

static err add(X509_NAME *name, int nid, struct str text)
{
	/* OpenSSL chooses the string type by its table: PrintableString for C, else UTF8String. */
	NEED(X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, (const unsigned char *)text.p,
		     (int)text.n, -1, 0) == 1);
	return ok();
}

struct part {
	int nid;
	struct str text;
};

static err make(const struct part *parts, size_t count, X509_NAME **out)
{
	AUTO_SSL(name) X509_NAME *name = X509_NAME_new();
	NEED(name);
	TRY(add(name, NID_countryName, STR("JP")));
	for (size_t i = 0; i < count; i++)
		TRY(add(name, parts[i].nid, parts[i].text));
	*out = name;
	name = NULL;
	return ok();
}

#define MAKE(parts, out) make((parts), sizeof(parts) / sizeof *(parts), (out))
#define AGENCY STR("Japan Agency for Local Authority Information Systems")

err names_root(enum ca_kind kind, X509_NAME **out)
{
	const struct part parts[] = {
		{NID_organizationName, STR(NAMES_ORGANISATION)},
		{NID_organizationalUnitName, str_of(units[kind])},
		{NID_organizationalUnitName, AGENCY},
	};
	return MAKE(parts, out);
}

err names_responder(enum ca_kind kind, X509_NAME **out)
{
	const struct part parts[] = {
		{NID_organizationName, STR(NAMES_ORGANISATION)},
		{NID_organizationalUnitName, str_of(units[kind])},
		{NID_organizationalUnitName, AGENCY},
		{NID_commonName, STR("OCSP Responder")},
	};
	return MAKE(parts, out);
}

err names_subject(enum ca_kind kind, const struct ca_person *person, struct str cn, X509_NAME **out)
{
	const struct part parts[] = {
		{NID_localityName, person->prefecture},
		{NID_localityName, person->municipality},
		{NID_commonName, cn},
	};
	if (kind == CA_AUTH)
		return make(parts + 2, 1, out);
	return MAKE(parts, out);
}

struct str names_cn(struct arena *arena, const struct ca_request *request, size_t sequence)
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	struct str office = request->person->office;
	if (str_empty(office))
		office = OFFICE;
	struct buf cn;
	buf_init(&cn, arena, 64);
	if (request->kind == CA_AUTH) {
		for (int i = 0; i < 14; i++)
			buf_byte(&cn, letters[random_below(sizeof letters - 1)]);
	} else {
		struct civil at = time_in_japan(request->now);
		buf_pad(&cn, at.year, 4);
		buf_pad(&cn, at.month, 2);
		buf_pad(&cn, at.day, 2);
		buf_pad(&cn, at.hour, 2);
		buf_pad(&cn, at.minute, 2);
		buf_pad(&cn, at.second, 2);
		buf_pad(&cn, (int64_t)(sequence % 10000), 4);
	}
	buf_str(&cn, office);
	return buf_view(&cn);
}

err names_list(enum ca_kind kind, const struct ca_person *person, X509_NAME **out)
{
	AUTO_ARENA arena;
	arena_init(&arena, 4096);
	struct part parts[] = {
		{NID_organizationName, STR(NAMES_ORGANISATION)},
		{NID_organizationalUnitName, str_of(units[kind])},
		{NID_organizationalUnitName, STR("CRL Distribution Points")},
		{0},
		{0},
	};
	if (!person)
		return make(parts, 3, out);
	parts[3] = (struct part){NID_organizationalUnitName, person->prefecture};
	parts[4] = (struct part){
		NID_commonName, str_fmt(&arena, STR_FMT " CRLDP", STR_ARG(person->municipality))};
	return MAKE(parts, out);
}

err names_service(X509_NAME **out)
{
	const struct part parts[] = {
		{NID_organizationName, STR("公的個人認証サービス（模擬）")},
	};
	return MAKE(parts, out);
}
