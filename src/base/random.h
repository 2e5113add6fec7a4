#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* From the kernel's generator (getrandom) and no other; ends the process when that fails, because nothing safe
 * can follow. Any thread, also in a child after fork(). */
void random_bytes(void *out, size_t n);
uint32_t random_below(uint32_t bound); /* uniform in 0 … bound-1; bound > 0 */

#endif
