// SHA-256 of whole blocks, of one message or of two side by side. Each step of the hash waits for the one before it, so
// that two messages together take hardly longer than one. Nothing here allocates or starts a thread.
#ifndef CSHA256_H
#define CSHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Bytes of a block.
#define CSHA256_BLOCK 64

/// Whether this processor has the instructions that the functions below are made of.
bool csha256_is_available(void);

/// Adds `count` blocks to the state of a message.
void csha256_add(uint32_t state[8], const uint8_t *blocks, size_t count);

/// Adds `count` blocks to the state of each of two messages.
void csha256_add_pair(
    uint32_t state[8], const uint8_t *blocks, uint32_t other_state[8], const uint8_t *other_blocks, size_t count);

#endif
