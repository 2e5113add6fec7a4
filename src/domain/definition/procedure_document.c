#include "domain/attachment/attachment.h"
#include "domain/definition/procedure_read.h"

/*
 * What is attached: `photo`, `attachments` (the ceilings) and `documents`. A list of documents may include shared lists, each of which may
 * depend on a condition; shared sections bring lists of their own.
 */

#define FILES_DEFAULT 3

static void gather(struct building *building, const struct node *list, const struct node *const whens[DOCUMENT_WHENS], bool included);

static void gather_include(struct building *building, const struct node *item, const struct node *const whens[DOCUMENT_WHENS])
{
	static const char *const item_keys[] = {"include", "when", NULL};
	static const char *const file_keys[] = {"documents", NULL};
	struct reader *reader = building->reader;
	const struct node *named = node_get(item, "include");
	struct str path;
	(void)node_keys(reader, item, item_keys);
	if (!node_word(reader, named, &path))
		return;
	if (!include_path_valid(path)) {
		fault_at(&reader->faults, named->place, "an included file is shared/NAME.yaml");
		return;
	}
	struct source *source = reader_source(reader, path, &named->place);
	const struct node *tree = source->missing ? NULL : reader_tree(reader, source);
	if (!tree)
		return;
	building_source(building, source);
	(void)node_keys(reader, tree, file_keys);
	const struct node *list = node_need(reader, tree, "documents");
	const struct node *inner[DOCUMENT_WHENS] = {whens[0], node_get(item, "when")};
	if (list)
		gather(building, list, inner, true);
}

static void gather(struct building *building, const struct node *list, const struct node *const whens[DOCUMENT_WHENS], bool included)
{
	struct reader *reader = building->reader;
	if (!node_is_list(reader, list, "documents"))
		return;
	for (size_t i = 0; i < list->n; i++) {
		const struct node *item = list->items[i];
		if (node_get(item, "include")) {
			if (included)
				fault_at(&reader->faults, item->place, "an included file does not include others");
			else
				gather_include(building, item, whens);
			continue;
		}
		if (!node_is_map(reader, item, "a document"))
			continue;
		struct pending_document pending = {.node = item, .whens = {whens[0], whens[1], node_get(item, "when")}};
		vec_push(reader->scratch, &building->documents, pending);
	}
}

void documents_gather(struct building *building, const struct node *list, const struct node *when)
{
	const struct node *whens[DOCUMENT_WHENS] = {when};
	gather(building, list, whens, false);
}

/* NULL: no condition, or faulty and reported. */
static const struct rule *whens_read(struct building *building, const struct node *const whens[DOCUMENT_WHENS])
{
	struct arena *arena = building->reader->arena;
	const struct rule **sub = arena_array(arena, const struct rule *, DOCUMENT_WHENS);
	size_t count = 0;
	for (size_t i = 0; i < DOCUMENT_WHENS; i++) {
		const struct rule *rule = whens[i] ? rule_read(building, whens[i], NULL) : NULL;
		if (rule)
			sub[count++] = rule;
	}
	if (count < 2)
		return count == 0 ? NULL : sub[0];
	struct rule *all = arena_new(arena, struct rule);
	*all = (struct rule){.op = RULE_ALL, .sub = sub, .sub_count = count};
	return all;
}

/* A list of procedures; whether this one is among them. Names of others are not checked: they are read later, or elsewhere. */
static bool names_this(struct building *building, const struct node *list)
{
	struct reader *reader = building->reader;
	bool found = false;
	for (size_t i = 0; i < list->n; i++) {
		struct str id;
		if (node_id(reader, list->items[i], &id))
			found |= str_eq(id, building->procedure->id);
	}
	return found;
}

static bool document_only(struct building *building, const struct node *node)
{
	const struct node *only = node_get(node, "only");
	if (!only || !node_is_list(building->reader, only, "only"))
		return true;
	if (only->n == 0)
		fault_at(&building->reader->faults, only->place, "no procedure is named: only is empty");
	return names_this(building, only);
}

static void expected_read(struct building *building, const struct node *node, bool *out)
{
	const struct node *expected = node_need(building->reader, node, "expected");
	if (expected && expected->kind == NODE_LIST)
		*out = names_this(building, expected);
	else if (expected)
		(void)node_bool(building->reader, expected, out);
}

/* true, false, or a condition. */
static void by_tax_read(struct building *building, const struct node *node, struct document *out)
{
	if (node->kind != NODE_MAP) {
		(void)node_bool(building->reader, node, &out->by_tax);
		return;
	}
	out->by_tax = true;
	out->by_tax_when = rule_read(building, node, NULL);
}

static void document_read(struct building *building, const struct pending_document *pending, struct document *out)
{
	static const char *const keys[] = {"id", "label", "hint", "expected", "only", "when", "files", "tax_information", NULL};
	struct reader *reader = building->reader;
	const struct node *node = pending->node, *value;
	int64_t files = FILES_DEFAULT;
	*out = (struct document){0};
	(void)node_keys(reader, node, keys);
	if ((value = node_need(reader, node, "id")) && node_id(reader, value, &out->id) && str_eq(out->id, STR(PHOTO_DOCUMENT)))
		fault_at(&reader->faults, value->place, "'" PHOTO_DOCUMENT "' is the facial photo: it has a key of its own");
	if ((value = node_need(reader, node, "label")))
		(void)node_text(reader, value, &out->label);
	if ((value = node_get(node, "hint")))
		(void)node_text(reader, value, &out->hint);
	if ((value = node_get(node, "files")))
		(void)node_number(reader, value, 1, LIMIT_ATTACHMENT_FILES, &files);
	out->files = (unsigned)files;
	expected_read(building, node, &out->expected);
	out->when = whens_read(building, pending->whens);
	if ((value = node_get(node, "tax_information")))
		by_tax_read(building, value, out);
}

static void list_read(struct building *building)
{
	struct reader *reader = building->reader;
	struct procedure *procedure = building->procedure;
	struct document *documents = arena_array(reader->arena, struct document, building->documents.n);
	size_t count = 0;
	for (size_t i = 0; i < building->documents.n; i++) {
		const struct pending_document *pending = &building->documents.v[i];
		struct document document;
		if (!document_only(building, pending->node))
			continue;
		if (count == LIMIT_DOCUMENTS) {
			fault_at(&reader->faults, pending->node->place, "more than %u documents", LIMIT_DOCUMENTS);
			break;
		}
		document_read(building, pending, &document);
		for (size_t j = 0; j < count && document.id.n > 0; j++)
			if (str_eq(documents[j].id, document.id))
				fault_at(&reader->faults, node_get(pending->node, "id")->place, "a document '" STR_FMT "' is there already",
					STR_ARG(document.id));
		documents[count++] = document;
	}
	procedure->documents = documents;
	procedure->document_count = count;
}

static void photo_read(struct building *building, const struct node *photo)
{
	static const char *const keys[] = {"when", "not_needed", NULL};
	struct reader *reader = building->reader;
	struct photo_rule *rule = &building->procedure->photo;
	if (!node_is_map(reader, photo, "photo"))
		return;
	const struct node *when = node_get(photo, "when"), *not_needed = node_get(photo, "not_needed");
	(void)node_keys(reader, photo, keys);
	rule->asked = true;
	rule->when = when ? rule_read(building, when, NULL) : NULL;
	rule->may_skip = not_needed != NULL;
	rule->not_needed = not_needed ? rule_read(building, not_needed, NULL) : NULL;
}

static void ceilings_read(struct building *building, const struct node *node)
{
	static const char *const keys[] = {"files", "bytes", NULL};
	struct reader *reader = building->reader;
	const struct node *value;
	int64_t files = 0;
	if (!node_is_map(reader, node, "attachments"))
		return;
	(void)node_keys(reader, node, keys);
	if ((value = node_need(reader, node, "files")) && node_number(reader, value, 1, LIMIT_ATTACHMENT_FILES, &files))
		building->procedure->files_most = (unsigned)files;
	if ((value = node_need(reader, node, "bytes")))
		(void)node_number(reader, value, 1000, LIMIT_ATTACHMENT_BYTES, &building->procedure->bytes_most);
}

void documents_read(struct building *building, const struct node *procedure)
{
	struct reader *reader = building->reader;
	const struct node *photo = node_get(procedure, "photo"), *ceilings = node_get(procedure, "attachments");
	const struct node *documents = node_get(procedure, "documents");
	if (ceilings)
		ceilings_read(building, ceilings);
	if (photo)
		photo_read(building, photo);
	if (documents)
		documents_gather(building, documents, NULL);
	list_read(building);
	if (!ceilings && photo)
		fault_at(&reader->faults, node_key(procedure, "photo")->place, "a photo without `attachments`: the procedure takes no files");
	else if (!ceilings && documents)
		fault_at(&reader->faults, node_key(procedure, "documents")->place, "documents without `attachments`: the procedure takes no files");
}
