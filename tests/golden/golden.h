#ifndef GOLDEN_GOLDEN_H
#define GOLDEN_GOLDEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The tests of the golden site. */

void test_each_byte_in_each_place(void **state);
void test_long_values_around_the_width_of_sse(void **state);
void test_ceiling_of_the_page(void **state);

#endif
