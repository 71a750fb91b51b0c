import Glibc

/// Descriptors 0 to 2, which a caller may have closed.
enum StandardDescriptors {
  /// Puts something in the place of those that are closed, so that no file of the program gets their numbers, into which
  /// messages are written.
  ///
  /// What stands there refuses to be read or written: output that goes nowhere is an error like any other.
  static func occupy() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // Lower ones are taken, so this is the number that it gets.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
