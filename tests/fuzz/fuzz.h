#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/*
 * A fuzz target is a file with this one function. Linked with libFuzzer (clang -fsanitize=fuzzer)
 * it searches; linked with replay.c it runs what was found and kept in corpus/<target>/.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input. */
#define MUST(condition) ((condition) ? (void)0 : abort())

#endif
