// Decoding and encoding of PNG through libpng. libpng reports errors by longjmp, which Swift code must not be jumped over, so the
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

/// Takes a part of an encoded file, in order; must not jump out.
typedef void (*cpng_sink)(void *context, const uint8_t *bytes, size_t count);

/// Encodes 8-bit red, green and blue as a PNG file: no filter, one level of compression, no ancillary chunks, so that
/// equal pixels give equal bytes.
///
/// `rgb` has 3 * `width` * `height` bytes, and both sizes are 1 to 2^31 - 1. Returns `CPNG_OK`, or `CPNG_NO_MEMORY`
/// after some bytes may have gone to `sink` already. Nothing is printed.
enum cpng_status cpng_encode(const uint8_t *rgb, uint32_t width, uint32_t height, cpng_sink sink, void *context);

#endif
