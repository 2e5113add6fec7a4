#include "check/pdf.h"

#include "base/limits.h"
#include "check/filter.h"

#include <qpdf/qpdf-c.h>

/* What is asked of one file. */
struct work {
	qpdf_data qpdf;
	struct pdf_found found;
	uint64_t unpacked;
};

/* Where the standard ends: 1.0 to 1.7 (ISO 32000-1) and 2.0 (ISO 32000-2). */
static bool known_version(unsigned major, unsigned minor)
{
	return (major == 1 && minor <= 7) || (major == 2 && minor == 0);
}

static bool read_version(struct str text, unsigned *version)
{
	if (text.n < 3 || !isdigit((unsigned char)text.p[0]) || text.p[1] != '.' ||
		!isdigit((unsigned char)text.p[2]))
		return false;
	if (text.n > 3 && isdigit((unsigned char)text.p[3]))
		return false;
	unsigned major = (unsigned)(text.p[0] - '0'), minor = (unsigned)(text.p[2] - '0');
	if (!known_version(major, minor))
		return false;
	*version = major * 10 + minor;
	return true;
}

enum check_reason pdf_header(struct str file, unsigned *version)
{
	if (!str_starts(file, STR("%PDF-")))
		return str_find(str_sub(file, 0, 1024), STR("%PDF-")) >= 0 ? CHECK_NOT_ISO32000
									   : CHECK_NOT_PDF;
	return read_version(str_skip(file, 5), version) ? CHECK_OK : CHECK_NOT_ISO32000;
}

/* There is no word for it in the C interface but the exception's own. */
static bool is_memory(qpdf_data qpdf, qpdf_error error)
{
	const char *words = qpdf_get_error_full_text(qpdf, error);
	return words && strstr(words, "bad_alloc") != NULL;
}

static bool has(struct str file, struct str word)
{
	return memmem(file.p, file.n, word.p, word.n) != NULL;
}

/* Who locks with something else than a password: names from Adobe's and others' handlers. */
static enum check_reason handler_of(struct str file)
{
	return has(file, STR("/Adobe.PubSec")) || has(file, STR("/Entrust.PPKEF")) ||
			       has(file, STR("/Adobe.APS"))
		       ? CHECK_CERTIFICATE_SECURITY
		       : CHECK_OTHER_RESTRICTION;
}

static enum check_reason reason_of(struct work *work, qpdf_error error, struct str file)
{
	enum qpdf_error_code_e code = qpdf_get_error_code(work->qpdf, error);
	if (code == qpdf_e_password)
		return CHECK_PASSWORD_OPEN;
	if (code == qpdf_e_unsupported && has(file, STR("/Encrypt")))
		return handler_of(file);
	if (is_memory(work->qpdf, error))
		return CHECK_MEMORY;
	work->found.at = qpdf_get_error_file_position(work->qpdf, error);
	return CHECK_DAMAGED;
}

/* The next number in brackets, "(11)"; *rest is what stands behind it. */
static bool number_in_brackets(struct str *rest, int64_t *out)
{
	ptrdiff_t from = str_find_byte(*rest, '(');
	if (from < 0)
		return false;
	*rest = str_skip(*rest, (size_t)from + 1);
	ptrdiff_t to = str_find_byte(*rest, ')');
	if (to < 0 || !str_to_i64(str_sub(*rest, 0, (size_t)to), out))
		return false;
	*rest = str_skip(*rest, (size_t)to);
	return true;
}

/*
 * "reported number of objects (N) is not one plus the highest object number (M)". A number that is too large leaves nothing
 * out; behind one that is too small there are objects that other readers, and look_at_all, do not see.
 */
static bool counts_too_many(struct str said)
{
	ptrdiff_t at = str_find(said, STR("reported number of objects ("));
	int64_t number, highest;
	if (at < 0)
		return false;
	struct str rest = str_skip(said, (size_t)at);
	return number_in_brackets(&rest, &number) && number_in_brackets(&rest, &highest) && number > highest;
}

/*
 * Slips of writers after which every reader finds everything all the same; also files of PDF/A test
 * suites have them. The C interface has no code for each, so they are known by qpdf's words.
 */
static bool is_harmless(qpdf_data qpdf, qpdf_error warning)
{
	const char *words = qpdf_get_error_message_detail(qpdf, warning);
	if (!words)
		return false;
	struct str said = str_of(words);
	return counts_too_many(said) || str_find(said, STR("extraneous whitespace seen before xref")) >= 0;
}

/*
 * What went wrong since the last call; OK: nothing. An error says more than a warning before it,
 * except about memory: qpdf goes on after a stream that it had no room for, to say that it is
 * damaged.
 */
static enum check_reason complaints(struct work *work, struct str file)
{
	qpdf_data qpdf = work->qpdf;
	enum check_reason first = CHECK_OK;
	while (qpdf_more_warnings(qpdf)) {
		qpdf_error warning = qpdf_next_warning(qpdf);
		if (is_memory(qpdf, warning))
			return CHECK_MEMORY;
		if (first == CHECK_OK && !is_harmless(qpdf, warning))
			first = reason_of(work, warning, file);
	}
	return qpdf_has_error(qpdf) ? reason_of(work, qpdf_get_error(qpdf), file) : first;
}

/* It opened without a password: what may one do with it? Anything that is encrypted is refused, as
 * the manual says (4.2.8): offices keep files longer than passwords. */
static enum check_reason restrictions(qpdf_data qpdf)
{
	if (!qpdf_is_encrypted(qpdf))
		return CHECK_OK;
	if (!qpdf_allow_print_low_res(qpdf) || !qpdf_allow_print_high_res(qpdf))
		return CHECK_NO_PRINTING;
	return qpdf_allow_extract_all(qpdf) ? CHECK_OTHER_RESTRICTION : CHECK_NO_COPYING;
}

static long long integer_of(qpdf_data qpdf, qpdf_oh owner, const char *key)
{
	qpdf_oh value = qpdf_oh_get_key_if_dict(qpdf, owner, key);
	long long number = qpdf_oh_is_integer(qpdf, value) ? qpdf_oh_get_int_value(qpdf, value) : 0;
	qpdf_oh_release(qpdf, value);
	return number;
}

/* A form of XFA that is drawn by a program inside: any other reader shows one page of "please
 * wait". */
static bool is_dynamic_form(qpdf_data qpdf, qpdf_oh root)
{
	qpdf_oh flag = qpdf_oh_get_key_if_dict(qpdf, root, "/NeedsRendering");
	return qpdf_oh_is_bool(qpdf, flag) && qpdf_oh_get_bool_value(qpdf, flag);
}

/* The catalog may name a newer version than the header. */
static bool known_catalog(struct work *work, qpdf_oh root)
{
	unsigned version;
	qpdf_oh name = qpdf_oh_get_key_if_dict(work->qpdf, root, "/Version");
	if (!qpdf_oh_is_name(work->qpdf, name))
		return true;
	struct str text = str_of(qpdf_oh_get_name(work->qpdf, name));
	if (!read_version(str_skip(text, 1), &version))
		return false;
	if (version > work->found.version)
		work->found.version = version;
	return true;
}

static enum check_reason look_at_pages(struct work *work, struct str file)
{
	qpdf_data qpdf = work->qpdf;
	qpdf_oh root = qpdf_get_root(qpdf);
	enum check_reason reason = complaints(work, file);
	if (reason != CHECK_OK)
		return reason;
	if (is_dynamic_form(qpdf, root) || !known_catalog(work, root))
		return CHECK_NOT_ISO32000;
	/* The tree's own word first: walking a tree of a million pages is what a bomb wants. */
	long long said = integer_of(qpdf, qpdf_oh_get_key_if_dict(qpdf, root, "/Pages"), "/Count");
	int pages = said > LIMIT_PDF_PAGES ? 0 : qpdf_get_num_pages(qpdf);
	reason = complaints(work, file);
	if (reason != CHECK_OK)
		return reason;
	work->found.pages = said > LIMIT_PDF_PAGES ? (unsigned)(said < INT32_MAX ? said : INT32_MAX)
						   : (unsigned)(pages > 0 ? pages : 0);
	if (work->found.pages == 0)
		return CHECK_EMPTY;
	return work->found.pages > LIMIT_PDF_PAGES ? CHECK_TOO_MANY_PAGES : CHECK_OK;
}

static bool is_active(qpdf_data qpdf, qpdf_oh object)
{
	static const char *const words[] = {
		"/JavaScript", "/Launch", "/EmbeddedFile", "/RichMedia", "/ImportData"};
	const char *text = qpdf_oh_unparse_resolved(qpdf, object);
	for (size_t i = 0; text && i < sizeof words / sizeof words[0]; i++) {
		if (strstr(text, words[i]))
			return true;
	}
	return false;
}

/*
 * EarlyChange of the parameters of filter `i` (7.4.4.3). They stand in a list beside the list of filters; those of one filter
 * may stand alone, and alone beside a list they are every one's, as qpdf has it.
 */
static bool widens_late(qpdf_data qpdf, qpdf_oh dict, int i)
{
	qpdf_oh parms = qpdf_oh_get_key(qpdf, dict, "/DecodeParms");
	if (qpdf_oh_is_array(qpdf, parms)) {
		if (i >= qpdf_oh_get_array_n_items(qpdf, parms))
			return false;
		parms = qpdf_oh_get_array_item(qpdf, parms, i);
	}
	qpdf_oh early = qpdf_oh_get_key_if_dict(qpdf, parms, "/EarlyChange");
	return qpdf_oh_is_integer(qpdf, early) && qpdf_oh_get_int_value(qpdf, early) == 0;
}

/* The filters of a stream, in order. False: more than there is sense in. */
static bool filters_of(qpdf_data qpdf, qpdf_oh dict, enum filter *filters, size_t *count)
{
	qpdf_oh value = qpdf_oh_get_key(qpdf, dict, "/Filter");
	int n = qpdf_oh_is_name(qpdf, value)    ? 1
		: qpdf_oh_is_array(qpdf, value) ? qpdf_oh_get_array_n_items(qpdf, value)
						: 0;
	if (n > LIMIT_PDF_FILTERS)
		return false;
	for (int i = 0; i < n; i++) {
		qpdf_oh one = qpdf_oh_is_name(qpdf, value) ? value
							   : qpdf_oh_get_array_item(qpdf, value, i);
		filters[i] = qpdf_oh_is_name(qpdf, one)
				     ? filter_of(str_of(qpdf_oh_get_name(qpdf, one)))
				     : FILTER_OTHER;
		if (filters[i] == FILTER_LZW && widens_late(qpdf, dict, i))
			filters[i] = FILTER_LZW_LATE;
	}
	*count = (size_t)n;
	return true;
}

static enum check_reason look_at_stream(struct work *work, qpdf_oh stream, qpdf_oh dict)
{
	static const enum check_reason of_end[] = {
		[FILTER_DONE] = CHECK_OK,
		[FILTER_DAMAGED] = CHECK_DAMAGED,
		[FILTER_TOO_BIG] = CHECK_TOO_BIG_DECOMPRESSED,
		[FILTER_MEMORY] = CHECK_MEMORY,
	};
	enum filter filters[LIMIT_PDF_FILTERS] = {FILTER_OTHER};
	size_t count, n = 0;
	unsigned char *bytes = NULL;
	if (!filters_of(work->qpdf, dict, filters, &count))
		return CHECK_TOO_BIG_DECOMPRESSED;
	if (count == 0 || filters[0] == FILTER_OTHER)
		return CHECK_OK;
	qpdf_oh_get_stream_data(work->qpdf, stream, qpdf_dl_none, NULL, &bytes, &n);
	enum filter_end end = FILTER_DONE;
	if (bytes)
		end = filter_measure(
			filters, count, str_make((const char *)bytes, n), &work->unpacked);
	free(bytes);
	return of_end[end];
}

static enum check_reason look_at_object(struct work *work, int id, struct str file)
{
	qpdf_data qpdf = work->qpdf;
	enum check_reason reason = CHECK_OK;
	qpdf_oh object = qpdf_get_object_by_id(qpdf, id, 0);
	bool stream = qpdf_oh_is_stream(qpdf, object);
	if (stream || qpdf_oh_is_dictionary(qpdf, object)) {
		qpdf_oh dict = stream ? qpdf_oh_get_dict(qpdf, object) : object;
		work->found.active = work->found.active || is_active(qpdf, dict);
		if (stream)
			reason = look_at_stream(work, object, dict);
	}
	qpdf_oh_release_all(qpdf);
	enum check_reason complaint = complaints(work, file);
	return reason != CHECK_OK ? reason : complaint;
}

static enum check_reason look_at_all(struct work *work, struct str file)
{
	long long size = integer_of(work->qpdf, qpdf_get_trailer(work->qpdf), "/Size");
	enum check_reason reason = CHECK_OK;
	if (size > LIMIT_PDF_OBJECTS)
		return CHECK_TOO_BIG_DECOMPRESSED;
	for (int id = 1; id < size && reason == CHECK_OK; id++)
		reason = look_at_object(work, id, file);
	return reason;
}

static enum check_reason look(struct work *work, struct str file)
{
	qpdf_data qpdf = work->qpdf;
	qpdf_set_suppress_warnings(qpdf, QPDF_TRUE);
	qpdf_silence_errors(qpdf);
	qpdf_set_attempt_recovery(qpdf, QPDF_FALSE);
	qpdf_read_memory(qpdf, "file", file.p, file.n, NULL);
	enum check_reason reason = complaints(work, file);
	if (reason == CHECK_OK)
		reason = restrictions(qpdf);
	if (reason == CHECK_OK)
		reason = look_at_pages(work, file);
	return reason == CHECK_OK ? look_at_all(work, file) : reason;
}

enum check_reason pdf_check(struct str file, struct pdf_found *out)
{
	struct work work = {0};
	enum check_reason reason = pdf_header(file, &work.found.version);
	if (reason == CHECK_OK) {
		work.qpdf = qpdf_init();
		reason = look(&work, file);
		qpdf_cleanup(&work.qpdf);
	}
	*out = work.found;
	return reason;
}
