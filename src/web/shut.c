#include "web/shut.h"

#include "web/url.h"

/* By what its pattern begins with; the last one fits everything. */
static const struct {
	struct str pattern;
	enum msg title, text, begin_words;
	enum route_id begin;
} kinds[] = {
	{STR_INIT("/drafts/:draft"), MSG_error_shut_draft_title, MSG_error_shut_draft_text, MSG_draft_delete, ROUTE_draft_delete_ask},
	{STR_INIT("/applications/:reference"), MSG_error_shut_application_title, MSG_error_shut_application_text, MSG_error_shut_application_show,
		ROUTE_application_show},
	{STR_INIT(""), MSG_error_410_title, MSG_error_410_text, MSG_NONE, ROUTE_COUNT},
};

/* Whatever the method: the path alone says what it names. */
static bool find(struct str path, struct str params[ROUTE_PARAMS], const struct route **out)
{
	static const enum http_method methods[] = {HTTP_GET, HTTP_POST};
	unsigned allowed;

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (!failed(route_find(methods[i], path, params, out, &allowed)))
			return true;
	return false;
}

struct shut_words shut_words_of(struct arena *arena, struct str target)
{
	struct str params[ROUTE_PARAMS], path = {0};
	const struct route *route;
	size_t i = 0;

	if (!str_next(&target, '?', &path) || !find(path, params, &route))
		return (struct shut_words){.title = MSG_error_410_title, .text = MSG_error_410_text};
	while (!str_starts(route->pattern, kinds[i].pattern))
		i++;
	struct shut_words words = {.title = kinds[i].title, .text = kinds[i].text, .begin_words = kinds[i].begin_words};

	if (route->flags & ROUTE_FILE) {
		words.title = MSG_error_shut_file_title;
		words.text = MSG_error_shut_file_text;
	}
	/* The files of a draft stand among its files; deleting it is no way to get one back. */
	if (route->flags & ROUTE_FILE && i == 0)
		return (struct shut_words){words.title, words.text, url_1(arena, ROUTE_files_show, params[0]), MSG_attach_title};
	if (kinds[i].begin != ROUTE_COUNT)
		words.begin = url_1(arena, kinds[i].begin, params[0]);
	return words;
}
