import Foundation
import FusionCore
import NumericKernels
import Testing

@Suite(.timeLimit(.minutes(2))) struct OrderedWorkersTests {
  /// What happened, in order, told from any thread.
  private final class Record: Sendable {
    private let entries = Protected<[Int]>([])
    func add(_ entry: Int) { entries.withLock { $0.append(entry) } }
    var all: [Int] { entries.withLock { $0 } }
    /// Without a copy of the array, whose release in one thread and growth in another look like a race to tools that do
    /// not see inside the Swift runtime.
    var count: Int { entries.withLock { $0.count } }
  }

  private struct Failure: Error, Equatable {
    let step: String
    let item: Int
  }

  /// A pause that differs from item to item, so that threads overtake each other.
  private static func dawdle(_ item: Int) { usleep(UInt32(item * 7919 % 5) * 200) }

  @Test(arguments: [1, 2, 4], [0, 1, 2, 5, 50])
  func everyItemTakesEveryStepInOrder(threads: Int, count: Int) throws {
    let (produced, committed, finished) = (Record(), Record(), Record())
    try OrderedWorkers.run(
      count: count, threads: threads, makeContext: { 0 },
      produce: { _, item in
        Self.dawdle(item)
        produced.add(item)
        return item * item
      },
      commit: { item, square in
        #expect(square == item * item)
        committed.add(item)
        return "\(square)"
      },
      finish: { _, item, text in
        #expect(text == "\(item * item)")
        finished.add(item)
      })
    #expect(produced.all.sorted() == Array(0..<count))
    #expect(committed.all == Array(0..<count))
    #expect(finished.all.sorted() == Array(0..<count))
  }

  /// The commits build one string, whose parts depend on all that went before.
  @Test func theResultDoesNotDependOnThreads() throws {
    func result(threads: Int) throws -> [UInt64] {
      let state = Protected<UInt64>(1)
      let trail = Protected<[UInt64]>([])
      try OrderedWorkers.run(
        count: 200, threads: threads, makeContext: {},
        produce: { _, item in UInt64(item) &* 0x9E37_79B9_7F4A_7C15 },
        commit: { _, product in
          let next = state.withLock { value in
            value = value &* 31 &+ product
            return value
          }
          trail.withLock { $0.append(next) }
        })
      return trail.withLock { $0 }
    }
    let alone = try result(threads: 1)
    #expect(alone.count == 200 && Set(alone).count == 200)
    #expect(try result(threads: 2) == alone)
    #expect(try result(threads: 4) == alone)
  }

  @Test func eachThreadHasOneContext() throws {
    final class Context: Sendable { let uses = Protected(0) }
    let contexts = Protected<[Context]>([])
    try OrderedWorkers.run(
      count: 40, threads: 4,
      makeContext: {
        let context = Context()
        contexts.withLock { $0.append(context) }
        return context
      },
      produce: { context, _ in
        // Nobody else is in a context that is in use.
        let before = context.uses.withLock { $0 }
        usleep(300)
        context.uses.withLock {
          #expect($0 == before)
          $0 += 1
        }
      }, commit: { _, _ in })
    let uses = contexts.withLock { $0.map { $0.uses.withLock { $0 } } }
    #expect(uses.count <= 4)
    #expect(uses.reduce(0, +) == 40)
  }

  /// While the first commit waits, the others may produce up to the window and not one item more.
  @Test(arguments: [2, 4])
  func theWindowIsBounded(threads: Int) throws {
    let window = 3 * threads
    let (produced, committed) = (Record(), Record())
    let seenDuringFirstCommit = Protected(0)
    try OrderedWorkers.run(
      count: 100, threads: threads, makeContext: {},
      produce: { _, item in
        #expect(item < committed.count + window, "item \(item) is too far ahead")
        produced.add(item)
      },
      commit: { item, _ in
        if item == 0 {
          for _ in 0..<20_000 where produced.count < window { usleep(1000) }
          usleep(20_000)
          seenDuringFirstCommit.withLock { $0 = produced.count }
        }
        committed.add(item)
      })
    #expect(seenDuringFirstCommit.withLock { $0 } == window)
    #expect(committed.count == 100)
  }

  @Test(arguments: [1, 2, 4], ["makeContext", "produce", "commit", "finish"])
  func anErrorOfAnyStepIsRethrown(threads: Int, step: String) throws {
    func fail(_ name: String, _ item: Int) throws {
      if name == step, item == 7 || name == "makeContext" { throw Failure(step: name, item: item) }
    }
    let committed = Record()
    let error = #expect(throws: Failure.self) {
      try OrderedWorkers.run(
        count: 1000, threads: threads, makeContext: { try fail("makeContext", -1) },
        produce: { _, item in try fail("produce", item) },
        commit: { item, _ in
          try fail("commit", item)
          committed.add(item)
        },
        finish: { _, item, _ in try fail("finish", item) })
    }
    #expect(error == Failure(step: step, item: step == "makeContext" ? -1 : 7))
    // In order up to the failure, and the rest is abandoned soon.
    let all = committed.all
    #expect(all == Array(0..<all.count))
    switch step {
    case "makeContext": #expect(all.count <= 3 * threads)
    case "finish": #expect(all.count > 7 && all.count < 1000)
    default: #expect(all.count <= 7)
    }
  }

  /// Commits see items in order, so the first of several failing commits is always the lowest.
  @Test(arguments: [1, 2, 4])
  func theLowestFailingCommitIsReported(threads: Int) {
    let error = #expect(throws: Failure.self) {
      try OrderedWorkers.run(
        count: 100, threads: threads, makeContext: {}, produce: { _, item in Self.dawdle(item) },
        commit: { item, _ in if item % 10 == 9 { throw Failure(step: "commit", item: item) } })
    }
    #expect(error == Failure(step: "commit", item: 9))
  }

  /// Two failures at once: both items are in work when either fails, and the lower one is reported.
  @Test func theLowerOfTwoFailuresIsReported() {
    let inWork = Protected(0)
    let error = #expect(throws: Failure.self) {
      try OrderedWorkers.run(
        count: 2, threads: 2, makeContext: {},
        produce: { _, item in
          inWork.withLock { $0 += 1 }
          // Bounded, as nobody promises that the second thread starts; item 0 is the lowest then too.
          for _ in 0..<10_000 where inWork.withLock({ $0 }) < 2 { usleep(100) }
          if item == 0 { usleep(20_000) }
          throw Failure(step: "produce", item: item)
        }, commit: { (_, _: Void) in })
    }
    #expect(error == Failure(step: "produce", item: 0))
  }
}
