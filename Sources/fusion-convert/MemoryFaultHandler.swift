import FusionCore
import Glibc

/// Turns the end of a program that ran out of memory into a message and an exit status, where memory is limited.
///
/// Large pieces are asked for in ways that may fail and are reported as errors. A small one may be what does not fit, and
/// for that the language's runtime stops the program by a signal.
enum MemoryFaultHandler {
  /// Installs the handler if someone limited the memory of this process; call once, at the start of the program.
  static func install() {
    guard MemoryLimit.byteCount != nil else { return }
    // A stack that cannot grow is no place for a handler.
    var stack = stack_t()
    stack.ss_size = 64 << 10
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: stack.ss_size, alignment: 16)
    sigaltstack(&stack, nil)
    for number in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV] {
      var action = sigaction()
      action.sa_flags = SA_ONSTACK
      action.__sigaction_handler.sa_handler = { _ in
        // Only calls that are safe in a signal handler. Outputs are unnamed until they are complete, so none is left.
        let message: StaticString = """
          error: memory ran out, or this program has a defect
            expected: enough memory for the next step
            found:    a limit on the memory of this process
            do:       raise the limits of this process (ulimit -v, ulimit -d); report it if that does not help

          """
        _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
        _exit(74)
      }
      sigaction(number, &action, nil)
    }
  }
}
