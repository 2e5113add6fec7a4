/*
 * The lists of procedures/codes as they are: how many choices each has, that lists which hang together agree, and that what a list is a part of has
 * the same words. That every kanji has a reading and no value stands twice is checked when they are read.
 */
#include "base/time.h"
#include "form_fixture.h"

static struct arena arena;
static struct catalogue real;

static int fresh(void **state)
{
	struct definition_problems problems;
	(void)state;
	arena_init(&arena, LIMIT_STARTUP_ARENA);
	err e = catalogue_read(&arena, SOURCE_ROOT "/procedures", &problems, &real);

	if (failed(e))
		print_error("%.*s\n", STR_ARG(buf_view(&problems.text)));
	assert_int_equal(e.code, OK);
	return 0;
}

static int done(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static const struct choice_list *list_of(const char *id)
{
	const struct choice_list *list = map_get(&real.lists, str_of(id));

	if (!list)
		print_error("no list %s\n", id);
	assert_non_null(list);
	return list;
}

/* The numbers of the official lists; where a list has an entry for each parent, the number of different values is what is official. */
static void test_counts(void **state)
{
	static const struct {
		const char *id;
		size_t choices, values;
	} lists[] = {
		{"status_desired", 27, 27}, {"main_activity", 15, 15}, {"status_current", 39, 39}, {"purpose_of_entry", 36, 36},
		{"nationality", 197, 197}, {"nationality_with_japan", 198, 198}, {"prefecture", 47, 47}, {"municipality", 1904, 1904}, {"designated_city", 20, 20},
		{"office", 66, 66}, {"residence_area", 55, 55}, {"port", 8, 8}, {"relation", 29, 29}, {"supporter_relation_p", 16, 16},
		{"supporter_relation_r", 7, 7}, {"t_position_japanese", 3, 3}, {"t_position_permanent", 2, 2}, {"t_position_longterm", 20, 20},
		{"education", 8, 8}, {"education_p", 9, 9}, {"major_n", 25, 25}, {"major", 24, 24}, {"major_vocational_n", 10, 10},
		{"major_vocational", 9, 9}, {"school_category", 24, 24}, {"class_mode", 5, 5}, {"application_history_p", 8, 8}, {"industry", 47, 47},
		{"industry_i", 19, 4}, {"industry_k", 2, 2}, {"industry_l", 46, 46}, {"industry_m", 46, 46}, {"industry_o", 23, 23},
		{"industry_u", 239, 47}, {"industry_y", 45, 45}, {"occupation_j", 3, 3}, {"occupation_k", 2, 2},
		{"l_occupation_transferee", 25, 25}, {"occupation_m", 3, 3}, {"occupation_o", 3, 3}, {"occupation_v", 90, 90},
		{"occupation_y", 12, 12}, {"performance", 11, 11}, {"o_criterion", 10, 10}, {"q_org_kind_all", 8, 8}, {"q_criterion", 8, 8},
		{"q_content", 22, 22}, {"tit_kind", 6, 6}, {"tit_occupation", 93, 93}, {"ssw_field", 19, 19}, {"ssw_category", 49, 49},
		{"ssw_jp_exam", 4, 4}, {"concurrent", 3, 3}, {"period_of_stay", 515, 152},
	};
	(void)state;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const struct choice_list *list = list_of(lists[i].id);
		size_t values = 0;

		/* by_value leads from a value to its first choice. */
		for (size_t j = 0; j < list->n; j++)
			values += map_get(&list->by_value, list->v[j].value) == &list->v[j];
		if (list->n != lists[i].choices || values != lists[i].values)
			print_error("%s: %zu choices, %zu values\n", lists[i].id, list->n, values);
		assert_int_equal(list->n, lists[i].choices);
		assert_int_equal(values, lists[i].values);
	}
}

/* The official order of the first twenty, which is that of the first screen. */
static void test_first_screen(void **state)
{
	static const char *const order[] = {
		"hsp_1c_2", "business_manager", "legal_accounting", "medical", "researcher_da36_37", "instructor", "engineer_humanities_da46",
		"nursing_care", "entertainer", "skilled_labor", "specified_skilled", "technical_intern", "cultural", "student", "trainee",
		"dependent_da38_47_epa", "designated", "spouse_child_japanese", "spouse_child_permanent", "long_term_resident",
	};
	const struct choice_list *list = list_of("status_desired");
	(void)state;
	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		expect_str(list->v[i].value, order[i], "status_desired");
}

/* Each parent is a value of the other list; `all`: and each value of it has children. */
static void test_parents(void **state)
{
	static const struct {
		const char *child, *parent;
		bool all;
	} pairs[] = {
		{"municipality", "prefecture", true}, {"designated_city", "prefecture", false}, {"tit_operation", "tit_occupation", true}, {"ssw_category", "ssw_field", true},
		{"office_by_area", "residence_area", true}, {"purpose_of_entry", "status_desired", true}, {"status_in_choice", "status_desired", true},
		{"period_of_stay", "status_current", true}, {"industry_i", "status_desired", false}, {"industry_n", "status_desired", false},
		{"industry_u", "status_desired", false}, {"occupation_i", "status_desired", false}, {"occupation_u", "status_desired", false},
		{"u_activity", "status_desired", false}, {"u_activity_coe", "status_desired", false}, {"period_desired", "status_in_choice", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const struct choice_list *child = list_of(pairs[i].child), *parent = list_of(pairs[i].parent);

		for (size_t j = 0; j < child->n; j++) {
			bool known = map_get(&parent->by_value, child->v[j].parent) != NULL;

			if (!known)
				print_error("%s: no parent " STR_FMT "\n", pairs[i].child, STR_ARG(child->v[j].parent));
			assert_true(known);
		}
		for (size_t j = 0; pairs[i].all && j < parent->n; j++) {
			bool found = false;

			for (size_t k = 0; k < child->n && !found; k++)
				found = str_eq(child->v[k].parent, parent->v[j].value);
			if (!found)
				print_error("%s: nothing under " STR_FMT "\n", pairs[i].child, STR_ARG(parent->v[j].value));
			assert_true(found);
		}
	}
}

/* Lists that are a part of another say the same of the same value. */
static void test_words(void **state)
{
	static const char *const parts[][2] = {
		{"industry_i", "industry"}, {"industry_k", "industry"}, {"industry_l", "industry"}, {"industry_m", "industry"},
		{"industry_n", "industry"}, {"industry_o", "industry"}, {"industry_u", "industry"}, {"industry_y", "industry"},
		{"major", "major_n"}, {"major_vocational", "major_vocational_n"},
		{"nationality", "nationality_with_japan"}, {"office_by_area", "office"}, {"u_activity_coe", "u_activity"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const struct choice_list *part = list_of(parts[i][0]), *whole = list_of(parts[i][1]);

		for (size_t j = 0; j < part->n; j++) {
			const struct choice *same = map_get(&whole->by_value, part->v[j].value);

			if (!same)
				print_error("%s: " STR_FMT " is not in %s\n", parts[i][0], STR_ARG(part->v[j].value), parts[i][1]);
			assert_non_null(same);
			for (enum lang lang = 0; lang < LANG_COUNT; lang++)
				assert_true(str_eq(text_form(&part->v[j].label, lang, TEXT_WORDS), text_form(&same->label, lang, TEXT_WORDS)));
		}
	}
}

/* The 110 occupations: no section offers all of them, and those that two sections offer have the same words in both. */
static void test_occupations(void **state)
{
	static const char *const lists[] = {
		"occupation_i", "occupation_j", "occupation_k", "occupation_m", "occupation_n", "occupation_o", "occupation_u", "occupation_v", "occupation_y",
		"l_occupation_journalist", "l_occupation_research", "l_occupation_transferee",
	};
	struct map seen;
	size_t count = 0;
	(void)state;
	map_init(&seen, &arena);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const struct choice_list *list = list_of(lists[i]);

		for (size_t j = 0; j < list->n; j++) {
			struct choice *one = (struct choice *)(uintptr_t)&list->v[j];
			const struct choice *first = map_get(&seen, one->value);

			if (!first) {
				map_put(&seen, one->value, one);
				count++;
				continue;
			}
			for (enum lang lang = 0; lang < LANG_COUNT; lang++)
				assert_true(str_eq(text_form(&one->label, lang, TEXT_WORDS), text_form(&first->label, lang, TEXT_WORDS)));
		}
	}
	assert_int_equal(count, 110);
}

/* A municipality's code begins with that of its prefecture; its Japanese name ends as its kind, and so does the other. */
static void test_municipalities(void **state)
{
	static const struct {
		const char *code, *ja, *en;
	} known[] = {
		{"01101", "札幌《さっぽろ》市《し》中央《ちゅうおう》区《く》", "Chuo-ku, Sapporo-shi"},
		{"13101", "千代田《ちよだ》区《く》", "Chiyoda-ku"},
		{"13421", "小笠原《おがさわら》村《むら》", "Ogasawara-mura"},
		{"19208", "南《みなみ》アルプス市《し》", "Minami-Alps-shi"},
		{"22138", "浜松《はままつ》市《し》中央《ちゅうおう》区《く》", "Chuo-ku, Hamamatsu-shi"},
		{"27220", "箕面《みのお》市《し》", "Minoo-shi"},
		{"28221", "丹波篠山《たんばささやま》市《し》", "Tanbasasayama-shi"},
		{"34101", "広島《ひろしま》市《し》中《なか》区《く》", "Naka-ku, Hiroshima-shi"},
		{"40101", "北九州《きたきゅうしゅう》市《し》門司《もじ》区《く》", "Moji-ku, Kitakyushu-shi"},
		{"47382", "八重山《やえやま》郡《ぐん》与那国《よなぐに》町《ちょう》", "Yonaguni-cho, Yaeyama-gun"},
	};
	const struct choice_list *list = list_of("municipality");
	(void)state;
	for (size_t i = 0; i < list->n; i++) {
		const struct choice *one = &list->v[i];

		assert_int_equal(one->value.n, 5);
		assert_true(str_starts(one->value, one->parent));
	}
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const struct choice *one = map_get(&list->by_value, str_of(known[i].code));

		assert_non_null(one);
		expect_str(text_form(&one->label, LANG_JA, TEXT_WORDS), known[i].ja, known[i].code);
		expect_str(text_form(&one->label, LANG_EN, TEXT_WORDS), known[i].en, known[i].code);
	}
}

/* Towns that are no more can be shown, but not chosen, from the day after their last. */
static void test_dates(void **state)
{
	static const struct {
		const char *code;
		int32_t last;
	} gone[] = {{"11445", 20120930}, {"12402", 20121231}, {"03305", 20131231}, {"09367", 20140404}, {"04423", 20161009}, {"40305", 20180930}};
	const struct choice_list *list = list_of("municipality");
	size_t ended = 0;
	(void)state;
	for (size_t i = 0; i < list->n; i++)
		ended += list->v[i].valid_until != 0;
	assert_int_equal(ended, sizeof gone / sizeof *gone);
	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
		assert_non_null(choice_find(list, str_of(gone[i].code), (struct str){0}, gone[i].last));
		assert_null(choice_find(list, str_of(gone[i].code), (struct str){0}, date_add_days(gone[i].last, 1)));
		assert_non_null(choice_find(list, str_of(gone[i].code), (struct str){0}, 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts), cmocka_unit_test(test_first_screen), cmocka_unit_test(test_parents),
		cmocka_unit_test(test_words), cmocka_unit_test(test_occupations), cmocka_unit_test(test_municipalities), cmocka_unit_test(test_dates),
	};
	return cmocka_run_group_tests(tests, fresh, done);
}
