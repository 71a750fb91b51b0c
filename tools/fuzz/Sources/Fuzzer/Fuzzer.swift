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

/// Runs one input; a finding stops the program, for libFuzzer to keep the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafeRawPointer?, _ byteCount: Int) -> CInt {
  do {
    _ = try target.run(UnsafeRawBufferPointer(start: start, count: byteCount))
  } catch {
    print("finding in \(target.rawValue): \(error)")
    fflush(nil)
    abort()
  }
  return 0
}
