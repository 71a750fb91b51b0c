import FuzzTargets
import Glibc

/// Which parser the inputs go to; libFuzzer keeps the command line for itself, so it is named in the environment.
private let target: FuzzTarget = {
  let name = getenv("FUSION_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    print("set FUSION_FUZZ_TARGET to one of", FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))
    exit(64)
  }
  return target
}()

/// Whether to say what became of each input, for one that is run by hand.
private let printsOutcomes = getenv("FUSION_FUZZ_PRINT") != nil

/// Runs one input; a finding stops the program, for libFuzzer to keep the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafeRawPointer?, _ byteCount: Int) -> CInt {
  do {
    let outcome = try target.run(UnsafeRawBufferPointer(start: start, count: byteCount))
    if printsOutcomes { print(outcome) }
  } catch {
    print("finding in \(target.rawValue): \(error)")
    fflush(nil)
    abort()
  }
  return 0
}
