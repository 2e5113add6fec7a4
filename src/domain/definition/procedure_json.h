#ifndef DOMAIN_DEFINITION_PROCEDURE_JSON_H
#define DOMAIN_DEFINITION_PROCEDURE_JSON_H

#include "domain/definition/procedure.h"

/*
 * A compiled definition as JSON, for whatever reads definitions without reading YAML again: tests, other programs. What is given by a
 * default stands there; what has no meaning for a field is left out. Texts are {"ja": …, "en": …} without readings.
 *
 *   {"id", "version", "code", "title", "short_title", "user_types": [], "name_field", "email_field", "office_field", "status_field",
 *    "activity_field", "sections": [SECTION], "checks": [CHECK], "lists": {ID: [CHOICE]}}
 *   SECTION   {"id", "title", "minutes", "when": CONDITION, "fields": [FIELD]}
 *   FIELD     {"path": "family.name" (a row's number goes between), "no", "type", "label", "hint", "required", "example", "script",
 *              "one_of", "controls", "min_length", "max_length", "min", "max", "choices": ID of a list, "depends_on", "same_as", "fills",
 *              "proposes": {"from", "by"}, "when", "value": EXPR, "unit", "decimals", "fields": [FIELD]}
 *   CONDITION {"op": "all" | "any", "of": []}, {"op": "not", "of": [ONE]}, {"op": "is" | "in" | "has", "field", "values": []},
 *             {"op": "given", "field"}, {"op": "range" | "age", "field", "at_least", "below"}, {"op": "actor", "values": []}, {"op": "card"}
 *   EXPR      {"op": "field" | "points" | "age" | "rows" | "sum_of" | "copy", "field"}, {"op": "count", "field", "points": []},
 *             {"op": "constant", "constant"}, {"op": "sum" | "ratio" | "max" | "min", "of": []}, {"op": "when", "when", "of": [then, else]}
 *   CHECK     {"id", "message", "warning", "op", "a", "b", "value", "group", "when", "rule"}
 *   CHOICE    {"value", "parent", "ja", "en", "points", "from", "until"}
 *
 * "all" of nothing always holds, "any" of nothing never does. What does not fit is told by buf_error().
 */

void procedure_write_json(struct buf *out, const struct procedure *procedure);

/* The parts of it that pages send to a browser. */
void rule_write_json(struct buf *out, const struct rule *rule); /* NULL: null */
void expr_write_json(struct buf *out, const struct expr *expr);

#endif
