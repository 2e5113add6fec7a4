#include "domain/identity/tax.h"

#include "base/buf.h"
#include "base/encode.h"
#include "base/limits.h"
#include "json/json.h"

/* The neutral form of tax information, and the rule for its class. */

const struct str tax_answer_names[TAX_ANSWER_COUNT] = {
	[TAX_OK] = STR_INIT("ok"),
	[TAX_NO_RECORD] = STR_INIT("no_record"),
	[TAX_NOT_YET] = STR_INIT("not_yet"),
	[TAX_MUNICIPALITY_UNSUPPORTED] = STR_INIT("municipality_unsupported"),
	[TAX_CONSENT_REFUSED] = STR_INIT("consent_refused"),
	[TAX_UNAVAILABLE] = STR_INIT("unavailable"),
};

const struct str tax_class_names[TAX_CLASS_COUNT] = {
	[TAX_NOT_TAXED] = STR_INIT("not_taxed"),
	[TAX_PER_CAPITA_ONLY] = STR_INIT("per_capita_only"),
	[TAX_TAXED] = STR_INIT("taxed"),
	[TAX_NOT_DECLARED] = STR_INIT("not_declared"),
};

bool tax_answer_of(struct str name, enum tax_answer *out)
{
	for (int i = 0; i < TAX_ANSWER_COUNT; i++) {
		if (!str_eq(name, tax_answer_names[i]))
			continue;
		*out = (enum tax_answer)i;
		return true;
	}
	return false;
}

err tax_classify(bool declared, int64_t levy_income_based, int64_t levy_per_capita, enum tax_class *out)
{
	if (levy_income_based < 0 || levy_per_capita < 0 || (!declared && (levy_income_based > 0 || levy_per_capita > 0)) ||
		(levy_income_based > 0 && levy_per_capita == 0))
		return fail(ERR_INVALID, "levies that cannot be");
	if (!declared)
		*out = TAX_NOT_DECLARED;
	else if (levy_income_based > 0)
		*out = TAX_TAXED;
	else
		*out = levy_per_capita > 0 ? TAX_PER_CAPITA_ONLY : TAX_NOT_TAXED;
	return ok();
}

#define YEN_MOST INT64_C(1000000000000)

static bool amounts_fit(const struct tax_year *year)
{
	const int64_t amounts[] = {year->salary_income, year->total_income, year->levy_income_based, year->levy_per_capita};

	for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++)
		if (amounts[i] < 0 || amounts[i] > YEN_MOST || (!year->declared && amounts[i] != 0))
			return false;
	return year->dependents >= 0 && year->dependents <= 99;
}

static bool is_municipality(struct str code)
{
	for (size_t i = 0; i < code.n; i++)
		if (code.p[i] < '0' || code.p[i] > '9')
			return false;
	return code.n == 6;
}

static bool is_checked(struct str code)
{
	int sum = 0;

	for (int i = 0; i < 5; i++)
		sum += (code.p[i] - '0') * (6 - i);
	return code.p[5] - '0' == (11 - sum % 11) % 10;
}

const struct text *tax_municipality(const struct catalogue *catalogue, struct str code)
{
	static const char *const lists[] = {"municipality", "designated_city"};

	if (!is_municipality(code) || !is_checked(code))
		return NULL;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const struct choice_list *list = map_get(&catalogue->lists, str_of(lists[i]));
		const struct choice *choice = list ? choice_find(list, str_sub(code, 0, 5), (struct str){0}, 0) : NULL;

		if (choice)
			return &choice->label;
	}
	return NULL;
}

/* Residents' tax of a fiscal year is on the income of the calendar year before. */
static err year_check(const struct tax_year *year)
{
	enum tax_class class;

	if (year->fiscal_year < 2000 || year->fiscal_year > 2999 || year->income_year != year->fiscal_year - 1)
		return fail(ERR_INVALID, "years of tax information");
	if (!is_municipality(year->municipality) || !amounts_fit(year))
		return fail(ERR_INVALID, "municipality or amounts of tax information");
	TRY(tax_classify(year->declared, year->levy_income_based, year->levy_per_capita, &class));
	return class == year->class ? ok() : fail(ERR_INVALID, "class of tax information is not what its levies say");
}

err tax_check(const struct tax_info *info)
{
	if (info->year_count < 1 || info->year_count > TAX_YEARS_MOST || info->source.n < 1 || info->source.n > 64)
		return fail(ERR_INVALID, "tax information without years or source");
	for (size_t i = 0; i < info->year_count; i++) {
		TRY(year_check(&info->years[i]));
		if (i > 0 && info->years[i].fiscal_year <= info->years[i - 1].fiscal_year)
			return fail(ERR_INVALID, "years of tax information are not in order");
	}
	return ok();
}

static void year_write(struct buf *out, const struct tax_year *year)
{
	buf_fmt(out, "{\"fiscal_year\":%lld,\"income_year\":%lld,\"municipality\":", (long long)year->fiscal_year,
		(long long)year->income_year);
	json_write_str(out, year->municipality);
	if (year->declared)
		buf_fmt(out,
			",\"salary_income\":%lld,\"total_income\":%lld,\"dependents\":%lld,\"levy_income_based\":%lld,\"levy_per_capita\":%lld",
			(long long)year->salary_income, (long long)year->total_income, (long long)year->dependents,
			(long long)year->levy_income_based, (long long)year->levy_per_capita);
	buf_lit(out, ",\"class\":");
	json_write_str(out, tax_class_names[year->class]);
	buf_byte(out, '}');
}

struct str tax_write(struct arena *arena, const struct tax_info *info)
{
	struct buf out;

	buf_init(&out, arena, LIMIT_JSON);
	buf_fmt(&out, "{\"v\":1,\"fetched\":%lld,\"source\":", (long long)(info->fetched_at / 1000));
	json_write_str(&out, info->source);
	buf_lit(&out, ",\"years\":[");
	for (size_t i = 0; i < info->year_count; i++) {
		if (i > 0)
			buf_byte(&out, ',');
		year_write(&out, &info->years[i]);
	}
	buf_lit(&out, "]}");
	return buf_view(&out);
}

static err class_read(const struct json *map, enum tax_class *out)
{
	struct str name;

	TRY(json_str(map, STR("class"), &name));
	for (int i = 0; i < TAX_CLASS_COUNT; i++) {
		if (!str_eq(name, tax_class_names[i]))
			continue;
		*out = (enum tax_class)i;
		return ok();
	}
	return fail(ERR_INVALID, "class of tax information is not known");
}

static err year_read(const struct json *map, struct tax_year *year)
{
	const struct {
		struct str name;
		int64_t *to;
	} amounts[] = {
		{STR("salary_income"), &year->salary_income},
		{STR("total_income"), &year->total_income},
		{STR("dependents"), &year->dependents},
		{STR("levy_income_based"), &year->levy_income_based},
		{STR("levy_per_capita"), &year->levy_per_capita},
	};

	TRY(json_int(map, STR("fiscal_year"), &year->fiscal_year));
	TRY(json_int(map, STR("income_year"), &year->income_year));
	TRY(json_str(map, STR("municipality"), &year->municipality));
	TRY(class_read(map, &year->class));
	year->declared = year->class != TAX_NOT_DECLARED;
	for (size_t i = 0; i < sizeof amounts / sizeof *amounts && year->declared; i++)
		TRY(json_int(map, amounts[i].name, amounts[i].to));
	return ok();
}

static err years_read(const struct json *map, struct tax_info *info)
{
	const struct json *years;
	int64_t version, fetched;

	TRY(json_int(map, STR("v"), &version));
	TRY(json_int(map, STR("fetched"), &fetched));
	TRY(json_str(map, STR("source"), &info->source));
	TRY(json_list(map, STR("years"), &years));
	if (version != 1 || years->items.n > TAX_YEARS_MOST || fetched < 0 || fetched > INT64_MAX / 1000)
		return fail(ERR_INVALID, "version or size of tax information");
	info->fetched_at = fetched * 1000;
	for (size_t i = 0; i < years->items.n; i++)
		TRY(year_read(&years->items.v[i], &info->years[info->year_count++]));
	return ok();
}

err tax_read_map(const struct json *map, struct tax_info *out)
{
	struct tax_info info = {0};
	err e = years_read(map, &info);

	if (e.code == ERR_NOT_FOUND)
		return fail(ERR_INVALID, "tax information that is not whole");
	TRY(e);
	TRY(tax_check(&info));
	*out = info;
	return ok();
}

err tax_read(struct arena *arena, struct str text, struct tax_info *out)
{
	const struct json *map;

	TRY(json_read(arena, text, NULL, &map));
	return tax_read_map(map, out);
}
