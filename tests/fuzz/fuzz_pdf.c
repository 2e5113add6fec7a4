/* Whole PDFs through qpdf and the counting of their streams, in process. */

#include "base/limits.h"
#include "check/pdf.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pdf_found found;
	enum check_reason reason = pdf_check(str_make((const char *)data, size), &found);
	MUST(reason < CHECK_REASON_COUNT);
	if (reason == CHECK_OK) {
		MUST(found.pages >= 1 && found.pages <= LIMIT_PDF_PAGES);
		MUST((found.version >= 10 && found.version <= 17) || found.version == 20);
	}
	return 0;
}
