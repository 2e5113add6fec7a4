#include "crypto/cert_inside.h"
#include "crypto/der.h"

#define EXTENSIONS_MAX 32

struct extension {
	struct str oid; /* content */
	bool critical;
	struct str value; /* DER */
};

static err broken(const char *what)
{
	return fail(ERR_INVALID, "certificate: %s", what);
}

static err read_usage(const struct extension *extension, struct cert *out)
{
	struct str bits;
	TRY(der_only(extension->value, DER_BIT_STRING, &bits));
	/* A list of bits ends with its last set one (X.690 11.2.2), and one without any says
	 * nothing (RFC 5280 4.2.1.3). */
	if (bits.n < 2 || bits.n > 3)
		return broken("keyUsage");
	unsigned last = (unsigned char)bits.p[bits.n - 1];
	if (!(last >> (unsigned char)bits.p[0] & 1))
		return broken("keyUsage");
	for (unsigned i = 0; i < (bits.n - 1) * 8; i++)
		if ((unsigned char)bits.p[1 + i / 8] & 0x80u >> i % 8)
			out->usage |= 1u << i;
	out->has_usage = true;
	return ok();
}

static err read_policies(const struct extension *extension, struct cert *out)
{
	struct str rest;
	TRY(der_only(extension->value, DER_SEQUENCE, &rest));
	if (!rest.n)
		return broken("no policies");
	while (rest.n) {
		struct der policy, oid, qualifiers;
		TRY(der_take(&rest, DER_SEQUENCE, &policy));
		TRY(der_take(&policy.content, DER_OID, &oid));
		if (policy.content.n)
			TRY(der_take(&policy.content, DER_SEQUENCE, &qualifiers));
		if (policy.content.n || out->policy_count == CERT_POLICIES)
			return broken("policies");
		for (size_t i = 0; i < out->policy_count; i++)
			if (str_eq(out->policies[i], oid.content))
				return broken("a policy twice");
		out->policies[out->policy_count++] = oid.content;
	}
	return ok();
}

static err read_constraints(const struct extension *extension, struct cert *out)
{
	struct str rest;
	struct der flag, depth;
	TRY(der_only(extension->value, DER_SEQUENCE, &rest));
	if (der_is(rest, DER_BOOLEAN)) {
		TRY(der_take(&rest, DER_BOOLEAN, &flag));
		/* FALSE is the default, which DER does not write. */
		if (flag.content.p[0] == 0)
			return broken("basicConstraints");
		out->ca = true;
	}
	if (out->ca && rest.n)
		TRY(der_take(&rest, DER_INTEGER, &depth));
	return rest.n ? broken("basicConstraints") : ok();
}

static err read_list(const struct extension *extension, struct str *out)
{
	struct str rest;
	TRY(der_only(extension->value, DER_SEQUENCE, &rest));
	if (!rest.n)
		return broken("an empty list");
	*out = extension->value;
	return ok();
}

static err read_alt_names(const struct extension *extension, struct cert *out)
{
	return read_list(extension, &out->alt_names);
}

static err read_purposes(const struct extension *extension, struct cert *out)
{
	out->purposes_only = extension->critical;
	return read_list(extension, &out->purposes);
}

/* What may be critical: id-ce 14 and so on. */
static const struct {
	struct str oid;
	err (*read)(const struct extension *extension, struct cert *out);
} known[] = {
	{STR_INIT("\x55\x1D\x0F"), read_usage},
	{STR_INIT("\x55\x1D\x11"), read_alt_names},
	{STR_INIT("\x55\x1D\x13"), read_constraints},
	{STR_INIT("\x55\x1D\x20"), read_policies},
	{STR_INIT("\x55\x1D\x25"), read_purposes},
};

static err read_extension(struct str *rest, struct extension *out)
{
	struct der whole, oid, critical, value;
	TRY(der_take(rest, DER_SEQUENCE, &whole));
	TRY(der_take(&whole.content, DER_OID, &oid));
	*out = (struct extension){.oid = oid.content};
	if (der_is(whole.content, DER_BOOLEAN)) {
		TRY(der_take(&whole.content, DER_BOOLEAN, &critical));
		if (critical.content.p[0] == 0)
			return broken("a default that is written out");
		out->critical = true;
	}
	TRY(der_take(&whole.content, DER_OCTET_STRING, &value));
	out->value = value.content;
	return whole.content.n ? broken("something behind an extension") : ok();
}

static err understand(const struct extension *extension, struct cert *out)
{
	TRY(der_check(extension->value));
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (str_eq(extension->oid, known[i].oid))
			return known[i].read(extension, out);
	return extension->critical ? broken("a critical extension that is not known") : ok();
}

err cert_extensions(struct str extensions, struct cert *out)
{
	struct str rest, seen[EXTENSIONS_MAX];
	size_t count = 0;
	TRY(der_only(extensions, DER_SEQUENCE, &rest));
	if (!rest.n)
		return broken("no extensions");
	while (rest.n) {
		struct extension extension;
		TRY(read_extension(&rest, &extension));
		for (size_t i = 0; i < count; i++)
			if (str_eq(seen[i], extension.oid))
				return broken("an extension twice");
		if (count == EXTENSIONS_MAX)
			return broken("too many extensions");
		seen[count++] = extension.oid;
		TRY(understand(&extension, out));
	}
	return ok();
}
