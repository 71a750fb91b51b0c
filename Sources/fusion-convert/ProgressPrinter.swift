import ArgumentParser
import ConversionPipeline
import FusionCore
import Glibc

/// How progress is shown.
enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
  case auto, plain, none
}

/// Shows how far a long step has come, with its rate and the time left.
final class ProgressPrinter: Sendable {
  private struct State {
    var step = ""
    var start = ContinuousClock.now
    var lastShown: ContinuousClock.Instant?
    var lastTenth = -1
  }

  private let state = Protected(State())
  private let isBar: Bool

  /// - Returns: `nil` where nothing is to be shown.
  init?(style: ProgressStyle) {
    switch style {
    case .none: return nil
    case .plain: isBar = false
    case .auto:
      guard Console.isTerminal else { return nil }
      isBar = true
    }
  }

  /// Takes an update; it is shown at most ten times a second on a terminal, and at every tenth in a log.
  func show(_ update: ProgressUpdate) {
    let line: String? = state.withLock { state in
      let now = ContinuousClock.now
      if state.step != update.step { state = State(step: update.step, start: now) }
      let isLast = update.done >= update.total
      let tenth = update.total == 0 ? 10 : update.done * 10 / update.total
      if isBar {
        if !isLast, let last = state.lastShown, now - last < .milliseconds(100) { return nil }
        state.lastShown = now
        return "\r\u{1B}[2K" + text(update, seconds: (now - state.start) / .seconds(1)) + (isLast ? "\r\u{1B}[2K" : "")
      }
      guard tenth > state.lastTenth else { return nil }
      state.lastTenth = tenth
      return text(update, seconds: (now - state.start) / .seconds(1)) + "\n"
    }
    if let line { Console.write(line, to: STDERR_FILENO) }
  }

  /// Prints a line that stays, such as a first result.
  func note(_ line: String) {
    Console.write((isBar ? "\r\u{1B}[2K" : "") + line + "\n", to: STDERR_FILENO)
  }

  private func text(_ update: ProgressUpdate, seconds: Double) -> String {
    let share = update.total == 0 ? 1 : Double(update.done) / Double(update.total)
    let rate = seconds > 0 ? Double(update.done) / seconds : 0
    let left = rate > 0 ? Double(update.total - update.done) / rate : 0
    let figures = [
      "\(Int(share * 100))%".leftPadding(toWidth: 4),
      "\(count(update.done, update.unit)) of \(count(update.total, update.unit))",
      speed(rate, update.unit), "\(Format.duration(left)) left",
    ].joined(separator: "  ")
    guard isBar else { return "\(update.step)  \(figures)" }
    let width = max(0, min(30, Console.width - update.step.count - figures.count - 6))
    let filled = Int(share * Double(width))
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
    return "\(update.step) [\(bar)] \(figures)"
  }

  private func count(_ number: Int, _ unit: ProgressUpdate.Unit) -> String {
    switch unit {
    case .bytes: Format.bytes(number)
    case .layers: "\(number) layers"
    case .pictures: "\(number) pictures"
    case .questions: "\(number) questions"
    case .tensors: "\(number) tensors"
    }
  }

  /// A question may take a minute, so that whole ones a second would be none.
  private func speed(_ rate: Double, _ unit: ProgressUpdate.Unit) -> String {
    unit == .questions ? "\(Format.decimal(rate, 2)) questions/s" : "\(count(Int(rate), unit))/s"
  }
}
