/*
 * A query or an urlencoded body. What was taken is UTF-8 without NUL, within the limits, and
 * encoded again it is read as the same.
 */

#include "fuzz.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > LIMIT_HTTP_BODY)
		return 0;
	AUTO_ARENA arena;
	arena_init(&arena, 64u << 20);
	struct params params, again;
	if (failed(params_read(&arena, str_make((const char *)data, size), &params)))
		return 0;
	MUST(params.n <= LIMIT_FORM_PARAMS);
	struct buf text;
	buf_init(&text, &arena, 16u << 20);
	for (size_t i = 0; i < params.n; i++) {
		const struct param *param = &params.v[i];
		MUST(utf8_valid(param->name) && utf8_valid(param->value));
		MUST(str_find_byte(param->name, '\0') < 0 && str_find_byte(param->value, '\0') < 0);
		MUST(param->name.n <= LIMIT_FORM_NAME && param->value.n <= LIMIT_FORM_VALUE);
		MUST(!str_absent(params_get(&params, param->name)) &&
			params_count(&params, param->name) > 0);
		percent_write(&text, param->name);
		buf_byte(&text, '=');
		percent_write(&text, param->value);
		buf_byte(&text, '&');
	}
	MUST(!failed(params_read(&arena, buf_view(&text), &again)) && again.n == params.n);
	for (size_t i = 0; i < params.n; i++) {
		MUST(str_eq(again.v[i].name, params.v[i].name));
		MUST(str_eq(again.v[i].value, params.v[i].value));
	}
	return 0;
}
