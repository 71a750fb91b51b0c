import FusionCore
import Glibc

/// Prints answers on standard output as they are made.
///
/// On a terminal, control characters are shown instead of sent: the words of a model must not drive it. Another program
/// gets the exact text.
final class AnswerPrinter {
  private let isSilent: Bool
  private let isTerminal = Console.isOutputTerminal
  private var turn: Int?

  init(isSilent: Bool) { self.isSilent = isSilent }

  /// Prints a piece of the answer to question number `turn`; answers are set apart by a blank line.
  func show(_ piece: String, turn number: Int) {
    guard !isSilent else { return }
    if let turn, turn != number { Console.write("\n\n", to: STDOUT_FILENO) }
    turn = number
    Console.write(isTerminal ? piece.proseEscapedForTerminal : piece, to: STDOUT_FILENO)
  }

  /// Ends the last line, if anything was shown.
  func finish() {
    if !isSilent, turn != nil { Console.write("\n", to: STDOUT_FILENO) }
  }
}
