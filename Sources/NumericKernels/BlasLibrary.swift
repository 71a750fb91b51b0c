internal import COpenBLAS
import FusionCore
import Glibc

/// OpenBLAS, loaded when the first of its functions is needed: commands that do without start faster and take less
/// address space.
enum BlasLibrary {
  static let rowMajor = Int32(fk_blas_row_major)
  static let plain = Int32(fk_blas_plain)
  static let transposed = Int32(fk_blas_transposed)
  static let lower = Int32(fk_blas_lower)
  static let right = Int32(fk_blas_right)
  static let notUnit = Int32(fk_blas_not_unit)

  /// The functions, and how many threads may be in them at a time.
  struct Functions: @unchecked Sendable {
    fileprivate let table: UnsafePointer<fk_blas>
    fileprivate let seats: Seats?
  }

  /// The library, or why it cannot be used.
  static let loaded = Result { try load() }

  private static func load() throws -> Functions {
    let level = (try? KernelSet.forThisMachine())?.level ?? .portable
    let core = level >= .avx512 ? ("SKYLAKEX", wideCores) : level >= .avx2 ? ("HASWELL", wideCores + olderCores) : nil
    var problem: UnsafePointer<CChar>?
    guard let table = fk_blas_load(core?.0, core?.1 ?? "", &problem) else {
      throw FusionError(
        .libraryMissing, "cannot load the library of linear algebra", file: "libopenblas.so.0",
        expected: "OpenBLAS", found: problem.map { String(cString: $0) },
        remedy: "install OpenBLAS (libopenblas0); if it is installed, raise the limits of this process (ulimit -v)")
    }
    return Functions(table: table, seats: try Seats.limited(by: table.pointee))
  }

  /// Cores whose kernels use registers of 512 bits.
  private static let wideCores = " SkylakeX Cooperlake SapphireRapids "
  /// Those of 256 bits with a product and a sum in one.
  private static let olderCores = " Haswell Zen Excavator "

  /// Calls functions of the library.
  ///
  /// - Precondition: it can be loaded, which ``DenseProduct/prepare()`` finds out.
  static func call(_ body: (fk_blas) -> Void) {
    switch loaded {
    case .failure(let error): preconditionFailure("\(error)")
    case .success(let functions):
      functions.seats?.take()
      body(functions.table.pointee)
      functions.seats?.giveBack()
    }
  }

  /// Where the memory of the process is limited: as many threads as there are buffers for are in the library at a time.
  ///
  /// Each thread in it needs a buffer. The library asks for one again and again until it gets it, so it must not ask
  /// when there is none; those that it once had it keeps.
  final class Seats: @unchecked Sendable {
    private let monitor = Monitor()
    /// Read and written under the monitor's lock.
    private var left: Int

    private init(_ count: Int) { left = count }

    func take() {
      monitor.lock()
      while left == 0 { monitor.wait() }
      left -= 1
      monitor.unlock()
    }

    func giveBack() {
      monitor.lock()
      left += 1
      monitor.wakeAll()
      monitor.unlock()
    }

    /// Lets the library take buffers as long as there is room for them beside the rest of the program.
    ///
    /// - Returns: `nil` if there is no limit, or if the library does not show how it takes memory.
    /// - Throws: `.tooLittleMemory` if there is no room for one.
    fileprivate static func limited(by library: fk_blas) throws -> Seats? {
      guard let room = MemoryLimit.room, let alloc = library.alloc, let release = library.release else { return nil }
      let most = min(max(1, room / 2 / bufferByteCount), max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
      var buffers: [UnsafeMutableRawPointer] = []
      while buffers.count < most, MemoryLimit.hasRoom(byteCount: bufferByteCount), let buffer = alloc(0) {
        buffers.append(buffer)
      }
      for buffer in buffers { release(buffer) }
      guard !buffers.isEmpty else { throw MemoryLimit.error(needed: bufferByteCount) }
      return Seats(buffers.count)
    }

    /// At least what a buffer takes: 32 to 128 MiB, by the library's version and processor.
    private static let bufferByteCount = 136 << 20
  }
}

extension FusionError.Code {
  /// A library of the system that is needed cannot be loaded.
  public static let libraryMissing = Self("system.libraryMissing", .inputOutput)
}
