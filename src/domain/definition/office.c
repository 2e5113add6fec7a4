#include "domain/definition/office.h"

const struct choice *office_find(const struct catalogue *catalogue, struct str code, int32_t on)
{
	const struct choice_list *list = map_get(&catalogue->lists, STR("office"));

	return list ? choice_find(list, code, (struct str){0}, on) : NULL;
}

struct str office_letter(const struct catalogue *catalogue, struct str code)
{
	const struct choice *office = office_find(catalogue, code, 0);

	return office ? office->letter : (struct str){0};
}
