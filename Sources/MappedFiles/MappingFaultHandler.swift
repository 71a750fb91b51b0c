import Glibc

/// Turns the signal of a mapped file that was truncated under us into a message and the exit status of an I/O error.
public enum MappingFaultHandler {
  /// Installs the handler; call once, at the start of a program.
  public static func install() {
    signal(SIGBUS) { _ in
      // Only calls that are safe in a signal handler. Outputs are unnamed until they are complete, so none is left.
      let message: StaticString = "error: an input file became shorter, or its disk failed, while it was being read\n"
      _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
      _exit(74)
    }
  }
}
