#include "sim/selfinfo/selfinfo.h"

/* Fictional places, one for each thing that can happen. Their codes begin with 99, which no prefecture has. */

#define YEAR(fiscal, income, code, rest) "{\"fiscal_year\":" #fiscal ",\"income_year\":" #income ",\"municipality\":\"" code "\"," rest "}"
#define AMOUNTS(salary, total, dependents, income_based, per_capita, class)                                                        \
	"\"salary_income\":" #salary ",\"total_income\":" #total ",\"dependents\":" #dependents ",\"levy_income_based\":" #income_based \
	",\"levy_per_capita\":" #per_capita ",\"class\":\"" class "\""

const struct municipality municipalities[] = {
	{"990019", "海風市", "Umikaze City", "ok", "課税されている人", "a person who is taxed",
		"[" YEAR(2025, 2024, "990019", AMOUNTS(1032000, 482000, 0, 3600, 5000, "taxed")) ","
		YEAR(2026, 2025, "990019", AMOUNTS(1980000, 1310000, 0, 42000, 5000, "taxed")) "]"},
	{"990027", "星空町", "Hoshizora Town", "ok", "非課税の人", "a person who is not taxed",
		"[" YEAR(2026, 2025, "990027", AMOUNTS(840000, 190000, 0, 0, 0, "not_taxed")) "]"},
	{"990035", "水辺村", "Mizube Village", "ok", "均等割だけの人", "a person who pays the per-capita amount only",
		"[" YEAR(2026, 2025, "990035", AMOUNTS(1100000, 450000, 0, 0, 5000, "per_capita_only")) "]"},
	{"990043", "雪解町", "Yukidoke Town", "ok", "申告していない人", "a person who has not declared",
		"[" YEAR(2026, 2025, "990043", "\"class\":\"not_declared\"") "]"},
	{"990051", "朝霧市", "Asagiri City", "no_record", "記録のない人", "a person without a record", ""},
	{"990060", "月見市", "Tsukimi City", "not_yet", "まだ決まっていない", "not decided yet", ""},
	{"990078", "木漏日町", "Komorebi Town", "municipality_unsupported", "対応していない市区町村", "does not take part", ""},
	{"990086", "嵐市", "Arashi City", "broken", "サービスが止まっている", "the service is down", ""},
	{"990094", "眠村", "Nemuri Village", "never", "いつまでも返事がない", "never answers", ""},
};

const size_t municipality_count = sizeof municipalities / sizeof *municipalities;
