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

/* std::set_new_handler() of libstdc++, which qpdf allocates with: the C++ ABI's name for it. */
typedef void (*new_handler)(void);
new_handler _ZSt15set_new_handlerPFvvE(new_handler handler);

/* In place of an exception, which qpdf's C interface catches in most places, but not in all. */
static void no_more_memory(void)
{
	end_refused(CHECK_MEMORY);
}

_Noreturn void task_pdf(char **arguments)
{
	struct pdf_found found;
	struct verdict_line line;
	if (arguments[0])
		task_usage();
	_ZSt15set_new_handlerPFvvE(no_more_memory);
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
