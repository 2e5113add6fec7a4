#include "sim/ca/commands.h"

#include "base/time.h"
#include "sim/ca/folder.h"
#include "sim/ca/options.h"

/* issue: a certificate and its key into two files. */

enum {
	O_ROOT,
	O_NAME,
	O_NAME_SUBST,
	O_ERA,
	O_BIRTH,
	O_SEX,
	O_ADDRESS,
	O_ADDRESS_SUBST,
	O_PREFECTURE,
	O_MUNICIPALITY,
	O_OFFICE,
	O_FROM,
	O_UNTIL,
	O_CERT,
	O_KEY,
	O_COUNT
};

#define FIVE_YEARS (5 * 365 * TIME_DAY)

static struct str or_else(const struct option *option, struct str other)
{
	return str_absent(option->value) ? other : option->value;
}

/* YYYYMMDD; month and day may be 00, so this is no date of the calendar. */
static err read_birth(const struct option *option, struct ca_person *person)
{
	uint64_t date;
	if (option->value.n != 8 || !str_to_u64(option->value, &date))
		return fail(ERR_INVALID, "--birth: not YYYYMMDD");
	person->year = (unsigned)(date / 10000);
	person->month = (unsigned)(date / 100 % 100);
	person->day = (unsigned)(date % 100);
	return ok();
}

/* Who does not say otherwise is a person of the manual's example. */
static err read_person(const struct option *options, struct ca_person *out)
{
	struct ca_person person = {
		.name = or_else(&options[O_NAME], STR("ＴＡＮＡＫＡ　ＴＡＲＯ")),
		.era = '0',
		.year = 2000,
		.month = 4,
		.day = 1,
		.sex = 1,
		.address = or_else(&options[O_ADDRESS], STR("大分県別府市十文字原１丁目１番")),
		.name_subst = options[O_NAME_SUBST].value,
		.address_subst = options[O_ADDRESS_SUBST].value,
		.prefecture = or_else(&options[O_PREFECTURE], STR("Oita-ken")),
		.municipality = or_else(&options[O_MUNICIPALITY], STR("Beppu-shi")),
		.office = options[O_OFFICE].value,
	};
	unsigned era;
	if (!str_absent(options[O_BIRTH].value))
		TRY(read_birth(&options[O_BIRTH], &person));
	if (!str_absent(options[O_SEX].value))
		TRY(options_number(&options[O_SEX], 3, &person.sex));
	if (!str_absent(options[O_ERA].value)) {
		TRY(options_number(&options[O_ERA], 9, &era));
		person.era = (char)('0' + era);
	}
	*out = person;
	return ok();
}

static err read_term(const struct option *options, struct ca_request *request)
{
	request->not_before = request->now;
	if (!str_absent(options[O_FROM].value))
		TRY(options_date(&options[O_FROM], &request->not_before));
	request->not_after = request->not_before + FIVE_YEARS;
	if (!str_absent(options[O_UNTIL].value)) {
		TRY(options_date(&options[O_UNTIL], &request->not_after));
		request->not_after += TIME_DAY - TIME_SECOND;
	}
	return ok();
}

static err read_request(const struct option *options, const char *kind, struct ca_person *person,
	struct ca_request *out)
{
	struct ca_request request = {.person = person, .now = time_now()};
	TRY(ca_kind_of(str_of(kind), &request.kind));
	TRY(ca_root_of(or_else(&options[O_ROOT], STR("1")), &request.root));
	TRY(read_person(options, person));
	TRY(read_term(options, &request));
	*out = request;
	return ok();
}

static err issue(struct arena *arena, const struct option *options, const char *dir,
	const struct ca_request *request)
{
	struct ca ca;
	struct ca_issued issued;
	TRY(ca_open(arena, dir, &ca));
	TRY(ca_issue(&ca, arena, request, &issued));
	TRY(folder_write(str_c(arena, options[O_CERT].value), issued.cert, 0644));
	TRY(folder_write(str_c(arena, options[O_KEY].value), issued.key, 0600));
	printf(STR_FMT "\n", STR_ARG(issued.serial));
	return ok();
}

int command_issue(struct arena *arena, int argc, char **argv)
{
	struct option options[O_COUNT] = {
		[O_ROOT] = {"root"},
		[O_NAME] = {"name"},
		[O_NAME_SUBST] = {"name-subst"},
		[O_ERA] = {"era"},
		[O_BIRTH] = {"birth"},
		[O_SEX] = {"sex"},
		[O_ADDRESS] = {"address"},
		[O_ADDRESS_SUBST] = {"address-subst"},
		[O_PREFECTURE] = {"prefecture"},
		[O_MUNICIPALITY] = {"municipality"},
		[O_OFFICE] = {"office"},
		[O_FROM] = {"from"},
		[O_UNTIL] = {"until"},
		[O_CERT] = {"cert"},
		[O_KEY] = {"key"},
	};
	struct words words;
	struct ca_person person;
	struct ca_request request;
	if (failed(options_read(argc, argv, options, O_COUNT, &words)))
		return complain_usage(err_detail());
	if (words.n != 2 || str_empty(options[O_CERT].value) || str_empty(options[O_KEY].value))
		return complain_usage("issue wants a folder, auth or sign, --cert and --key");
	if (failed(read_request(options, words.v[1], &person, &request)))
		return complain_usage(err_detail());
	err issued = issue(arena, options, words.v[0], &request);
	return failed(issued) ? complain(issued) : EX_OK;
}
