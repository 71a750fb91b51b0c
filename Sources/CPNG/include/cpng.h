// Decoding of PNG through libpng. libpng reports errors by longjmp, which Swift code must not be jumped over, so the
// calls are made here.
#ifndef CPNG_H
#define CPNG_H

#include <stddef.h>
#include <stdint.h>

/// The version of libpng that was linked, as a number: 10639 is 1.6.39.
uint32_t cpng_version(void);

#endif
