#include "domain/definition/procedure_use.h"

/*
 * What one shared file says of several procedures: `only`, values by procedure, `{procedure: …}`, and the names `$status` and
 * `$activity`, which each procedure gives its own meaning.
 */

/* A list of ids of procedures, or one; *found: this procedure is among them. False: reported. */
static bool names_this(struct building *building, const struct node *node, bool *found)
{
	struct reader *reader = building->reader;
	size_t count = node->kind == NODE_LIST ? node->n : 1;
	bool good = true;
	*found = false;
	if (count == 0) {
		fault_at(&reader->faults, node->place, "no procedure is named: the list is empty");
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const struct node *item = node->kind == NODE_LIST ? node->items[i] : node;
		struct str id;
		if (!node_id(reader, item, &id)) {
			good = false;
			continue;
		}
		if (!reader_knows_procedure(reader, id)) {
			fault_at(&reader->faults, item->place, "there is no procedure '" STR_FMT "'", STR_ARG(id));
			good = false;
		}
		*found |= str_eq(id, building->procedure->id);
	}
	return good;
}

bool building_has(struct building *building, const struct node *node)
{
	const struct node *only = node_get(node, "only");
	bool found;
	if (!only || !node_is_list(building->reader, only, "only") || !names_this(building, only, &found))
		return true;
	(void)use_note(building->reader, only, only->place, !found, NULL, "`only` has no effect: every procedure that reads this is named",
		(struct str){0});
	(void)use_note(building->reader, node_key(node, "only"), only->place, found, NULL, "no procedure that reads this is named in `only`",
		(struct str){0});
	return found;
}

bool building_bool(struct building *building, const struct node *node, bool *out)
{
	return node->kind == NODE_LIST ? names_this(building, node, out) : node_bool(building->reader, node, out);
}

bool building_word(struct building *building, const struct node *node, struct str *out)
{
	struct reader *reader = building->reader;
	struct str word, id;
	if (node->kind != NODE_MAP)
		return node_word(reader, node, out);
	for (size_t i = 0; i < node->n; i++) {
		if (!node_id(reader, node_key_at(node, i), &id) || !node_word(reader, node->items[i], &word))
			return false;
		if (!reader_knows_procedure(reader, id)) {
			fault_at(&reader->faults, node_key_at(node, i)->place, "there is no procedure '" STR_FMT "'", STR_ARG(id));
			return false;
		}
		if (str_eq(id, building->procedure->id))
			*out = word;
	}
	return true;
}

struct str building_alias(const struct building *building, struct str name)
{
	if (str_eq(name, STR("$status")))
		return building->procedure->status_field;
	if (str_eq(name, STR("$activity")))
		return building->procedure->activity_field;
	return name;
}

bool building_alias_known(struct building *building, const struct node *node, struct str name)
{
	bool known = str_eq(name, STR("$status")) || str_eq(name, STR("$activity"));
	if (!str_starts(name, STR("$")) || (known && !str_absent(building_alias(building, name))))
		return true;
	if (known)
		fault_at(&building->reader->faults, node->place, "'" STR_FMT "' has no meaning here: %s does not say `" STR_FMT "_field`",
			STR_ARG(name), building->path, STR_ARG(str_skip(name, 1)));
	else
		fault_at(&building->reader->faults, node->place, "unknown name '" STR_FMT "': there are $status and $activity", STR_ARG(name));
	return false;
}

/* Of several: `decides` as soon as one is so; the contrary when all are. */
static enum fold fold_list(struct building *building, const struct node *list, enum fold decides)
{
	bool open = list->kind != NODE_LIST || list->n == 0;
	for (size_t i = 0; list->kind == NODE_LIST && i < list->n; i++) {
		enum fold one = fold_when(building, list->items[i]);
		if (one == decides)
			return decides;
		open |= one == FOLD_OPEN;
	}
	if (open)
		return FOLD_OPEN;
	return decides == FOLD_TRUE ? FOLD_FALSE : FOLD_TRUE;
}

enum fold fold_when(struct building *building, const struct node *node)
{
	const struct node *value = node->kind == NODE_MAP && node->n == 1 ? node->items[0] : NULL;
	bool found;
	if (!value)
		return FOLD_OPEN;
	if (node_get(node, "procedure"))
		return !names_this(building, value, &found) ? FOLD_OPEN : found ? FOLD_TRUE : FOLD_FALSE;
	if (node_get(node, "all"))
		return fold_list(building, value, FOLD_FALSE);
	if (node_get(node, "any"))
		return fold_list(building, value, FOLD_TRUE);
	if (!node_get(node, "not"))
		return FOLD_OPEN;
	enum fold inner = fold_when(building, value);
	return inner == FOLD_OPEN ? FOLD_OPEN : inner == FOLD_TRUE ? FOLD_FALSE : FOLD_TRUE;
}
