import Glibc

/// Prints answers on standard output as they are made.
final class AnswerPrinter {
  private let isSilent: Bool
  private var turn: Int?

  init(isSilent: Bool) { self.isSilent = isSilent }

  /// Prints a piece of the answer to question number `turn`; answers are set apart by a blank line.
  func show(_ piece: String, turn number: Int) {
    guard !isSilent else { return }
    if let turn, turn != number { Console.write("\n\n", to: STDOUT_FILENO) }
    turn = number
    Console.write(piece, to: STDOUT_FILENO)
  }

  /// Ends the last line.
  func finish() {
    if !isSilent { Console.write("\n", to: STDOUT_FILENO) }
  }
}
