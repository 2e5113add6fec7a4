#ifndef CHECK_TASK_H
#define CHECK_TASK_H

/*
 * What madoguchi-check can be asked, one function a question. Each reads its descriptors
 * (check/file.h), writes one verdict and ends the process. The process is confined by then.
 * `arguments` are those behind the question's name, NULL at the end; they come from the counter,
 * not from the file, and what is wrong with them ends with exit status 64.
 */

_Noreturn void task_pdf(char **arguments);
_Noreturn void task_jpeg(char **arguments);
_Noreturn void task_photo(char **arguments);
_Noreturn void task_thumbnail(char **arguments);
_Noreturn void task_picture(char **arguments);
_Noreturn void task_pages(char **arguments);

/* EX_USAGE of sysexits.h. */
_Noreturn void task_usage(void);
/* A number of decimal digits, or task_usage(). */
unsigned task_number(const char *word);

#endif
