#include "domain/definition/fee.h"

#include "base/time.h"
#include "domain/definition/procedure_read.h"

/* procedures/fees.csv: a line of column names, then one fee a line. */

enum column { COLUMN_PROCEDURE, COLUMN_JOINED, COLUMN_KIND_FIELD, COLUMN_KIND, COLUMN_CHANNEL, COLUMN_FROM, COLUMN_UNTIL, COLUMN_YEN, COLUMN_SOURCE, COLUMN_COUNT };

static const char *const column_names[COLUMN_COUNT] = {
	[COLUMN_PROCEDURE] = "procedure", [COLUMN_JOINED] = "joined_by", [COLUMN_KIND_FIELD] = "kind_field", [COLUMN_KIND] = "kind",
	[COLUMN_CHANNEL] = "channel", [COLUMN_FROM] = "valid_from", [COLUMN_UNTIL] = "valid_until", [COLUMN_YEN] = "yen", [COLUMN_SOURCE] = "source",
};
static const char *const channel_names[FEE_CHANNEL_COUNT] = {[FEE_COUNTER] = "counter", [FEE_ONLINE] = "online"};

static bool head_read(struct reader *reader, const struct csv_row *head)
{
	bool good = head->n == COLUMN_COUNT;

	for (size_t i = 0; good && i < COLUMN_COUNT; i++)
		good = str_eq(head->cells[i].text, str_of(column_names[i]));
	if (!good)
		fault_at(&reader->faults, head->cells[0].place, "the columns of fees are procedure, joined_by, kind_field, kind, channel, valid_from, valid_until, yen, source");
	return good;
}

/* An id, or nothing where it need not be. */
static bool id_cell(struct reader *reader, const struct csv_cell *cell, bool needed, struct str *out)
{
	*out = cell->text.n ? cell->text : (struct str){0};
	if (cell->text.n ? id_valid(cell->text) : !needed)
		return true;
	fault_at(&reader->faults, cell->place, "a name of a-z, 0-9 and _ must stand here");
	return false;
}

static bool day_cell(struct reader *reader, const struct csv_cell *cell, int32_t *out)
{
	int64_t day = 0;

	if (cell->text.n && (cell->text.n != 8 || !str_to_i64(cell->text, &day) || day < 0 || !date_valid((int32_t)day))) {
		fault_at(&reader->faults, cell->place, "'" STR_FMT "' is no date YYYYMMDD", STR_ARG(cell->text));
		return false;
	}
	*out = (int32_t)day;
	return true;
}

static bool channel_cell(struct reader *reader, const struct csv_cell *cell, enum fee_channel *out)
{
	for (int channel = 0; channel < FEE_CHANNEL_COUNT; channel++) {
		if (str_eq(cell->text, str_of(channel_names[channel]))) {
			*out = (enum fee_channel)channel;
			return true;
		}
	}
	fault_at(&reader->faults, cell->place, "the channel is counter or online, not '" STR_FMT "'", STR_ARG(cell->text));
	return false;
}

static bool yen_cell(struct reader *reader, const struct csv_cell *cell, int64_t *out)
{
	if (cell->text.n && str_to_i64(cell->text, out) && *out >= 0 && *out <= LIMIT_FEE)
		return true;
	fault_at(&reader->faults, cell->place, "a fee is a whole number of yen from 0 to %d", LIMIT_FEE);
	return false;
}

static bool fee_read(struct reader *reader, const struct csv_row *row, struct fee *fee)
{
	const struct csv_cell *cells = row->cells;

	if (row->n != COLUMN_COUNT) {
		fault_at(&reader->faults, cells[0].place, "%zu cells, but a fee has %d", row->n, COLUMN_COUNT);
		return false;
	}
	/* All of them, whatever the one before answered: each reports. */
	bool good = id_cell(reader, &cells[COLUMN_PROCEDURE], true, &fee->procedure);
	good &= id_cell(reader, &cells[COLUMN_JOINED], false, &fee->joined_by);
	good &= id_cell(reader, &cells[COLUMN_KIND_FIELD], false, &fee->kind_field);
	good &= id_cell(reader, &cells[COLUMN_KIND], cells[COLUMN_KIND_FIELD].text.n > 0, &fee->kind);
	good &= channel_cell(reader, &cells[COLUMN_CHANNEL], &fee->channel);
	good &= day_cell(reader, &cells[COLUMN_FROM], &fee->from);
	good &= day_cell(reader, &cells[COLUMN_UNTIL], &fee->until);
	good &= yen_cell(reader, &cells[COLUMN_YEN], &fee->yen);
	fee->source = cells[COLUMN_SOURCE].text;
	if (good && !str_absent(fee->kind) && str_absent(fee->kind_field)) {
		fault_at(&reader->faults, cells[COLUMN_KIND].place, "a kind without the field that names it");
		return false;
	}
	if (good && fee->from && fee->until && fee->from > fee->until) {
		fault_at(&reader->faults, cells[COLUMN_UNTIL].place, "valid_until lies before valid_from");
		return false;
	}
	if (str_empty(str_trim(fee->source))) {
		fault_at(&reader->faults, cells[COLUMN_SOURCE].place, "a fee has a source: the order that says so");
		return false;
	}
	return good;
}

static bool overlap(const struct fee *a, const struct fee *b)
{
	bool same = a->channel == b->channel && str_eq(a->procedure, b->procedure) && str_eq(a->kind, b->kind);

	return same && (!a->until || !b->from || b->from <= a->until) && (!b->until || !a->from || a->from <= b->until);
}

static bool is_there(struct reader *reader)
{
	struct str *names;
	size_t count;

	if (failed(reader_names(reader, "", &names, &count)))
		return false;
	for (size_t i = 0; i < count; i++)
		if (str_eq(names[i], STR("fees.csv")))
			return true;
	return map_get(&reader->sources, STR("fees.csv")) != NULL; /* given beforehand */
}

void fees_read(struct reader *reader, struct fee_table *out)
{
	VEC(struct fee) fees = {0};
	struct csv csv;

	*out = (struct fee_table){0};
	if (!is_there(reader))
		return;
	struct source *source = reader_source(reader, STR("fees.csv"), NULL);

	if (source->missing || !csv_read(reader->arena, reader->scratch, &reader->faults, source->shown, source->bytes, &csv))
		return;
	if (csv.n == 0 || !head_read(reader, &csv.rows[0])) {
		if (csv.n == 0)
			fault_at(&reader->faults, (struct place){source->shown, 1, 1}, "the file is empty");
		return;
	}
	for (size_t i = 1; i < csv.n; i++) {
		struct fee fee = {0};

		if (fees.n == LIMIT_FEES) {
			fault_at(&reader->faults, csv.rows[i].cells[0].place, "more than %d fees", LIMIT_FEES);
			break;
		}
		if (!fee_read(reader, &csv.rows[i], &fee))
			continue;
		for (size_t j = 0; j < fees.n; j++)
			if (overlap(&fees.v[j], &fee))
				fault_at(&reader->faults, csv.rows[i].cells[0].place, "another fee of the same days stands above");
		vec_push(reader->arena, &fees, fee);
	}
	*out = (struct fee_table){fees.v, fees.n};
}
