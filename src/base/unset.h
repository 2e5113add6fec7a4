#ifndef BASE_UNSET_H
#define BASE_UNSET_H

/* All variables begin as zero here (-ftrivial-auto-var-init). Not these: large memory on the stack that is written before it is read. */
#define UNSET __attribute__((uninitialized))

#endif
