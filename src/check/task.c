#include "check/task.h"

#include "check/end.h"
#include "check/file.h"
#include "check/pdf.h"

#include <limits.h>
#include <sysexits.h>

_Noreturn void task_usage(void)
{
	_exit(EX_USAGE);
}

unsigned task_number(const char *word)
{
	uint64_t value;
	if (!word || !str_to_u64(str_of(word), &value) || value > INT_MAX)
		task_usage();
	return (unsigned)value;
}

_Noreturn void task_pdf(char **arguments)
{
	struct pdf_found found;
	struct verdict_line line;
	if (arguments[0])
		task_usage();
	enum check_reason reason = pdf_check(file_read(FILE_INPUT), &found);
	verdict_begin(&line, reason);
	if (reason == CHECK_OK)
		verdict_add(&line, "version", found.version);
	if (reason == CHECK_OK || reason == CHECK_TOO_MANY_PAGES)
		verdict_add(&line, "pages", found.pages);
	if (reason == CHECK_OK)
		verdict_add(&line, "active", found.active);
	if (reason == CHECK_DAMAGED)
		verdict_add(&line, "at", found.at);
	end_with(&line);
}
