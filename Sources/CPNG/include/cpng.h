// Decoding of PNG through libpng. libpng reports errors by longjmp, which Swift code must not be jumped over, so the
// calls are made here.
#ifndef CPNG_H
#define CPNG_H

#include <stddef.h>
#include <stdint.h>

/// The version of libpng that was linked, as a number: 10639 is 1.6.39.
uint32_t cpng_version(void);

/// How a decoding ended.
enum cpng_status { CPNG_OK, CPNG_TRUNCATED, CPNG_DAMAGED, CPNG_NO_MEMORY };

/// Decodes the picture of a PNG file to 8-bit red, green and blue, without alpha.
///
/// Of 16-bit samples the high byte is taken, but 16-bit grey is cut off at 255; palette indexes without an entry are
/// black. Ancillary chunks are skipped, their checksums are not. Nothing is printed.
///
/// `rgb` has room for 3 * `width` * `height` bytes, and the file must state just this size. On an error its content is
/// undefined, and `message` has the reason, cut to `message_size` bytes with the final zero.
enum cpng_status cpng_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgb,
                             char *message, size_t message_size);

#endif
