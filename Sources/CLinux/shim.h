#pragma once
// Calls of Linux that Swift's Glibc module does not show.
#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// Two names change places in one step, or the call fails.
#define FUSION_RENAME_EXCHANGE 2u
// The new name must be free.
#define FUSION_RENAME_NO_REPLACE 1u

// The C library has these without a feature macro being asked for; its own headers show them only with one. Through the
// library, so that what stands between a program and it, as in tools/faults, is asked.
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags);
int syncfs(int descriptor);

static inline int fusion_rename(const char *from, const char *to, unsigned flags) {
  return renameat2(-100, from, -100, to, flags);
}

// Writes everything of the file system that an open file is on, and says if that failed.
static inline int fusion_sync_file_system(int descriptor) { return syncfs(descriptor); }

// Begins to write a range of a file, and does not wait for its end.
static inline int fusion_begin_writing(int descriptor, int64_t offset, int64_t count) {
#ifdef SYS_sync_file_range
  return (int)syscall(SYS_sync_file_range, descriptor, offset, count, 2u);
#else
  return (int)syscall(SYS_sync_file_range2, descriptor, 2u, offset, count);
#endif
}

// Whether a path is where a file system is mounted: 1 or 0, or -1 where the system does not say.
static inline int fusion_is_mount_point(const char *path) {
  // struct statx, 256 bytes: its first fields are mask, block size, attributes; attributes that are known stand at 56.
  uint64_t status[32] = {0};
  if (syscall(SYS_statx, -100, path, 0, 0u, status) != 0) return -1;
  const uint64_t is_mount_root = 0x2000;
  if (!(status[7] & is_mount_root)) return -1;
  return (status[1] & is_mount_root) ? 1 : 0;
}
