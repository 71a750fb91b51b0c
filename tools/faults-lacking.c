// Stands between a program and the C library as a file system that lacks what FAULTS_LACKING names, for tools/faults:
// LD_PRELOAD=lacking.so FAULTS_LACKING=unnamed,links program. Whatever is not refused goes to the kernel as it is.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int lacks_unnamed, lacks_links, lacks_exchange, lacks_flags, lacks_locks, lacks_folder_sync, is_short;

__attribute__((constructor)) static void read_environment(void) {
  const char *words = getenv("FAULTS_LACKING");
  if (!words) return;
  lacks_unnamed = strstr(words, "unnamed") != NULL;
  lacks_links = strstr(words, "links") != NULL;
  lacks_exchange = strstr(words, "exchange") != NULL;
  lacks_flags = strstr(words, "flags") != NULL;
  lacks_locks = strstr(words, "locks") != NULL;
  lacks_folder_sync = strstr(words, "folder-sync") != NULL;
  is_short = strstr(words, "short") != NULL;
}

static int refuse(int error) {
  errno = error;
  return -1;
}

static int is_kind(int descriptor, mode_t kind) {
  struct stat status;
  int before = errno;
  int matches = fstat(descriptor, &status) == 0 && (status.st_mode & S_IFMT) == kind;
  errno = before;
  return matches;
}

// Half of what was asked for, so that the rest takes a few more calls.
static size_t some_of(int descriptor, size_t count) {
  return is_short && count > 1 && is_kind(descriptor, S_IFREG) ? count / 2 : count;
}

static int open_file(int folder, const char *path, int flags, mode_t mode) {
  if (lacks_unnamed && (flags & O_TMPFILE) == O_TMPFILE) return refuse(EOPNOTSUPP);
  return (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define MODE(mode, flags)                               \
  mode_t mode = 0;                                      \
  if ((flags) & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) { \
    va_list list;                                       \
    va_start(list, flags);                              \
    mode = va_arg(list, mode_t);                        \
    va_end(list);                                       \
  }

int open(const char *path, int flags, ...) {
  MODE(mode, flags)
  return open_file(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE(mode, flags)
  return open_file(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  MODE(mode, flags)
  return open_file(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
  MODE(mode, flags)
  return open_file(folder, path, flags | O_LARGEFILE, mode);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  if (lacks_links) return refuse(EPERM);
  return (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
}

int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags) {
  if ((lacks_flags && flags) || (lacks_exchange && (flags & RENAME_EXCHANGE))) return refuse(EINVAL);
  return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

int flock(int descriptor, int operation) {
  if (lacks_locks) return refuse(ENOLCK);
  return (int)syscall(SYS_flock, descriptor, operation);
}

int fsync(int descriptor) {
  if (lacks_folder_sync && is_kind(descriptor, S_IFDIR)) return refuse(EINVAL);
  return (int)syscall(SYS_fsync, descriptor);
}

int fdatasync(int descriptor) {
  if (lacks_folder_sync && is_kind(descriptor, S_IFDIR)) return refuse(EINVAL);
  return (int)syscall(SYS_fdatasync, descriptor);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  return syscall(SYS_write, descriptor, bytes, some_of(descriptor, count));
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  return syscall(SYS_pwrite64, descriptor, bytes, some_of(descriptor, count), offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
  return syscall(SYS_pwrite64, descriptor, bytes, some_of(descriptor, count), offset);
}

ssize_t read(int descriptor, void *bytes, size_t count) {
  return syscall(SYS_read, descriptor, bytes, some_of(descriptor, count));
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) {
  return syscall(SYS_pread64, descriptor, bytes, some_of(descriptor, count), offset);
}

ssize_t pread64(int descriptor, void *bytes, size_t count, off_t offset) {
  return syscall(SYS_pread64, descriptor, bytes, some_of(descriptor, count), offset);
}
