#include "cpng.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

uint32_t cpng_version(void) { return png_access_version_number(); }

// All that must survive a longjmp.
struct decoding {
  const uint8_t *bytes;
  size_t count;
  size_t position;
  enum cpng_status failure;
  char *message;
  size_t message_size;
  jmp_buf escape;
};

static PNG_NORETURN void on_error(png_structp png, png_const_charp text) {
  struct decoding *decoding = png_get_error_ptr(png);
  snprintf(decoding->message, decoding->message_size, "%s", text);
  longjmp(decoding->escape, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  struct decoding *decoding = png_get_io_ptr(png);
  if (count > decoding->count - decoding->position) {
    decoding->failure = CPNG_TRUNCATED;
    png_error(png, "the file ends inside a chunk");
  }
  memcpy(target, decoding->bytes + decoding->position, count);
  decoding->position += count;
}

// No chunk but the four that carry the picture is looked into, so none of them can cost memory.
static void skip_ancillary_chunks(png_structp png) {
  static const uint8_t transparency[] = {'t', 'R', 'N', 'S', 0};
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, transparency, 1);
}

// Lets libpng deliver RGB, 8-bit palette indexes or 16-bit grey; returns the bytes of a delivered pixel.
static unsigned set_transformations(png_structp png, png_byte depth, png_byte type) {
  if (type == PNG_COLOR_TYPE_PALETTE) {
    png_set_packing(png);
    return 1;
  }
  if (type == PNG_COLOR_TYPE_GRAY && depth == 16) return 2;
  if (depth == 16) png_set_strip_16(png);
  if (type & PNG_COLOR_MASK_ALPHA) png_set_strip_alpha(png);
  if (!(type & PNG_COLOR_MASK_COLOR)) {
    if (depth < 8) png_set_expand_gray_1_2_4_to_8(png);
    png_set_gray_to_rgb(png);
  }
  return 3;
}

// The packed samples lie at the end of the row's place, so a write never overtakes the read.
static void spread_row(uint8_t *row, uint32_t width, unsigned pixel_size, const uint8_t (*colors)[3]) {
  const uint8_t *samples = row + (size_t)(3 - pixel_size) * width;
  for (size_t x = 0; x < width; x++) {
    if (pixel_size == 1) {
      memcpy(row + 3 * x, colors[samples[x]], 3);
    } else {
      memset(row + 3 * x, samples[2 * x] ? 255 : samples[2 * x + 1], 3);
    }
  }
}

static void decode_rows(png_structp png, png_infop info, uint32_t width, uint32_t height, uint8_t *rgb) {
  png_byte type = png_get_color_type(png, info);
  unsigned pixel_size = set_transformations(png, png_get_bit_depth(png, info), type);
  uint8_t colors[256][3] = {{0}};
  png_colorp palette;
  int color_count = 0;
  if (type == PNG_COLOR_TYPE_PALETTE && png_get_PLTE(png, info, &palette, &color_count)) {
    for (int i = 0; i < color_count && i < 256; i++) {
      colors[i][0] = palette[i].red;
      colors[i][1] = palette[i].green;
      colors[i][2] = palette[i].blue;
    }
  }
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != (size_t)pixel_size * width) png_error(png, "rows of an unexpected length");
  size_t offset = (size_t)(3 - pixel_size) * width;
  for (int pass = 0; pass < passes; pass++) {
    for (size_t y = 0; y < height; y++) png_read_row(png, rgb + 3 * y * width + offset, NULL);
  }
  png_read_end(png, NULL);
  if (pixel_size == 3) return;
  for (size_t y = 0; y < height; y++) spread_row(rgb + 3 * y * width, width, pixel_size, colors);
}

enum cpng_status cpng_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgb,
                             char *message, size_t message_size) {
  struct decoding decoding = {.bytes = bytes, .count = count, .failure = CPNG_DAMAGED, .message = message,
                              .message_size = message_size};
  png_structp volatile png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoding, on_error, on_warning);
  png_infop volatile info = png ? png_create_info_struct(png) : NULL;
  enum cpng_status volatile status = CPNG_NO_MEMORY;
  if (info) {
    if (setjmp(decoding.escape) == 0) {
      png_structp reader = png;
      png_set_read_fn(reader, &decoding, read_bytes);
      png_set_user_limits(reader, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
      png_set_chunk_malloc_max(reader, 1 << 20);
      png_set_benign_errors(reader, 1);
      png_set_crc_action(reader, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
      skip_ancillary_chunks(reader);
      png_read_info(reader, info);
      if (png_get_image_width(reader, info) != width || png_get_image_height(reader, info) != height) {
        png_error(reader, "a second header with another size");
      }
      decode_rows(reader, info, width, height, rgb);
      status = CPNG_OK;
    } else {
      status = decoding.failure;
    }
  }
  png_structp owned_png = png;
  png_infop owned_info = info;
  png_destroy_read_struct(&owned_png, &owned_info, NULL);
  return status;
}

struct encoding {
  cpng_sink sink;
  void *context;
  jmp_buf escape;
};

static PNG_NORETURN void on_encoding_error(png_structp png, png_const_charp text) {
  (void)text;
  struct encoding *encoding = png_get_error_ptr(png);
  longjmp(encoding->escape, 1);
}

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
  struct encoding *encoding = png_get_io_ptr(png);
  encoding->sink(encoding->context, bytes, count);
}

static void flush_nothing(png_structp png) { (void)png; }

enum cpng_status cpng_encode(const uint8_t *rgb, uint32_t width, uint32_t height, cpng_sink sink, void *context) {
  struct encoding encoding = {.sink = sink, .context = context};
  png_structp volatile png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &encoding, on_encoding_error, on_warning);
  png_infop volatile info = png ? png_create_info_struct(png) : NULL;
  enum cpng_status volatile status = CPNG_NO_MEMORY;
  if (info && setjmp(encoding.escape) == 0) {
    png_structp writer = png;
    png_set_write_fn(writer, &encoding, write_bytes, flush_nothing);
    png_set_user_limits(writer, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_IHDR(writer, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_filter(writer, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    // All that the compressed bytes depend on, so that no other default can change them.
    png_set_compression_level(writer, 6);
    png_set_compression_mem_level(writer, 8);
    png_set_compression_strategy(writer, 0);
    png_set_compression_window_bits(writer, 15);
    png_set_compression_buffer_size(writer, 1 << 16);
    png_write_info(writer, info);
    for (size_t y = 0; y < height; y++) png_write_row(writer, rgb + 3 * y * width);
    png_write_end(writer, NULL);
    status = CPNG_OK;
  }
  png_structp owned_png = png;
  png_infop owned_info = info;
  png_destroy_write_struct(&owned_png, &owned_info);
  return status;
}
