import Foundation
import FusionCore
import Glibc
import TestSupport

/// Opens pages in Chromium without a window and without a network.
struct HeadlessBrowser {
  /// What one page gave.
  struct Outcome {
    /// The page as it was after its scripts had run.
    let dom: String
    /// Messages that the page wrote to the console, errors of scripts and refusals of the content policy among them.
    let console: [String]
  }

  private let program: String

  /// Finds the browser.
  ///
  /// - Throws: an error that says what to install. A test without a browser fails, for otherwise nobody would notice
  ///   that the page is not tested.
  init() throws {
    let names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let candidates = names.flatMap { name in folders.map { "\($0)/\(name)" } }
    guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      throw FusionError(
        FusionError.Code("tests.noBrowser", .missingInput), "there is no Chromium to open the report in",
        expected: names.joined(separator: ", ") + " on the PATH",
        remedy: "run tools/setup, which installs the Debian package chromium-headless-shell")
    }
    program = found
  }

  /// Loads a page, lets its scripts run and takes what it has become.
  ///
  /// The browser is killed if it takes longer than a minute, which then is the error.
  func open(_ html: String) throws -> Outcome {
    let folder = try TemporaryFolder()
    let page = try folder.write("page.html", text: html)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
      "--disable-component-update", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND",
      "--user-data-dir=\(folder.file("profile"))", "--enable-logging=stderr", "--virtual-time-budget=20000",
      "--dump-dom",
      "file://\(page)",
    ]
    for name in ["out", "err"] { try folder.write(name, []) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("out")))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("err")))
    try process.run()
    for _ in 0..<600 where process.isRunning { usleep(100_000) }
    if process.isRunning {
      kill(process.processIdentifier, SIGKILL)
      throw POSIXError(.ETIMEDOUT)
    }
    process.waitUntilExit()
    let errors = String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder.file("err"))), as: UTF8.self)
    return Outcome(
      dom: String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder.file("out"))), as: UTF8.self),
      console: errors.split(separator: "\n").map(String.init).filter { $0.contains(":CONSOLE") })
  }
}
