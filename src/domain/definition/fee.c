#include "domain/definition/fee.h"

#include "base/vec.h"
#include "domain/form/form.h"

static bool on_day(const struct fee *fee, int32_t received)
{
	return (!fee->from || fee->from <= received) && (!fee->until || received <= fee->until);
}

const struct fee *fee_find(const struct fee_table *table, struct str procedure, enum fee_channel channel, struct str kind, int32_t received)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct fee *fee = &table->v[i];

		if (fee->channel == channel && str_eq(fee->procedure, procedure) && str_eq(fee->kind, kind) && on_day(fee, received))
			return fee;
	}
	return NULL;
}

/* Whether the field of type multi has the value; values have no blanks. */
static bool has_value(const struct answers *answers, struct str path, struct str value)
{
	struct str rest = answers_get(answers, path), one = {0};

	while (str_next(&rest, ' ', &one))
		if (str_eq(one, value))
			return true;
	return false;
}

static bool is_due(const struct fee *fee, const struct procedure *procedure, const struct answers *answers)
{
	bool own = str_eq(fee->procedure, procedure->id);
	bool joined = !own && !str_absent(fee->joined_by) && procedure_field(procedure, fee->joined_by) && has_value(answers, fee->joined_by, fee->procedure);

	if (!own && !joined)
		return false;
	return str_absent(fee->kind_field) || str_eq(answers_get(answers, fee->kind_field), fee->kind);
}

size_t fees_due(const struct fee_table *table, struct arena *arena, const struct procedure *procedure, const struct answers *answers,
	enum fee_channel channel, int32_t received, const struct fee *const **out)
{
	VEC(const struct fee *) due = {0};

	for (size_t i = 0; i < table->n; i++) {
		const struct fee *fee = &table->v[i];

		if (fee->channel == channel && on_day(fee, received) && is_due(fee, procedure, answers))
			vec_push(arena, &due, fee);
	}
	*out = due.v;
	return due.n;
}
