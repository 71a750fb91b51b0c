import FusionCore
import Glibc

/// Ends the program in order when somebody stops it: SIGINT, SIGTERM and SIGHUP.
///
/// Unfinished files are removed, one line on standard error says what is left and how to go on, and the program ends by
/// that signal, as whoever started it expects. A signal that was ignored when the program started stays ignored. SIGQUIT
/// ends the program at once.
public enum Interruption {
  private static let signals = [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP")]
  /// Where the handler writes a signal's number to; set before there is a handler.
  private nonisolated(unsafe) static var writeEnd: Int32 = -1

  /// Begins to watch for signals; call once, at the start of a program, before it writes.
  ///
  /// Where no thread can be had for it, signals end the program at once.
  public static func install() {
    restoreDefault(SIGQUIT)
    unblock()
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let readEnd = ends[0]
    writeEnd = ends[1]
    let argument = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
    argument.initialize(to: readEnd)
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let readEnd = argument.assumingMemoryBound(to: Int32.self)
        Interruption.wait(readEnd.pointee)
        readEnd.deallocate()
        return nil
      }, argument)
    guard status == 0 else {
      close(readEnd)
      close(writeEnd)
      argument.deallocate()
      return
    }
    pthread_detach(thread)
    for (number, _) in signals where !isIgnored(number) {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(Interruption.writeEnd, &byte, 1)
        errno = saved
      }
      action.sa_flags = SA_RESTART
      sigaction(number, &action, nil)
    }
  }

  /// Takes back that whoever started the program had these signals wait, as threads of some libraries do: what they start
  /// could not be stopped.
  private static func unblock() {
    var set = sigset_t()
    sigemptyset(&set)
    for (number, _) in signals { sigaddset(&set, number) }
    sigaddset(&set, SIGQUIT)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Waits for a signal and ends the process by it.
  private static func wait(_ readEnd: Int32) {
    var byte: UInt8 = 0
    guard SystemCalls.uninterrupted({ read(readEnd, &byte, 1) }) == 1 else { return }
    let number = Int32(byte)
    let kept = UnfinishedWork.abandon()
    let name = signals.first { $0.0 == number }?.1 ?? "signal \(number)"
    let left = kept.isEmpty ? "nothing unfinished is left" : kept.joined(separator: "; ")
    let message = Array("\nstopped by \(name): \(left)\n".utf8)
    // Nobody may be reading a pipe that is full.
    var ready = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    if poll(&ready, 1, 200) == 1, ready.revents & Int16(POLLOUT) != 0 {
      _ = message.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, min($0.count, Int(PIPE_BUF))) }
    }
    restoreDefault(number)
    kill(getpid(), number)
    // Another thread may have to take the signal; there is nothing left to do here.
    while true { pause() }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static func restoreDefault(_ number: Int32) {
    guard !isIgnored(number) else { return }
    signal(number, SIG_DFL)
  }
}
