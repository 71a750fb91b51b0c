import Dispatch
import Foundation
import FusionCore
import NumericKernels
import Synchronization
import Testing

/// Threads that share out items: every item once, on a worker that has no other at the same time.
@Suite struct WorkerTeamTests {
  private func countsOfItems(_ team: WorkerTeam, _ count: Int) -> [Int] {
    let counts = Protected([Int](repeating: 0, count: count))
    team.run(count: count) { _, item in counts.withLock { $0[item] += 1 } }
    return counts.withLock { $0 }
  }

  @Test(arguments: [1, 2, 3, 8])
  func everyItemRunsOnce(threads: Int) {
    let team = WorkerTeam(threads: threads)
    for count in [0, 1, 2, 7, 100] {
      #expect(countsOfItems(team, count) == [Int](repeating: 1, count: count))
    }
  }

  /// One step after the other, faster than a thread falls asleep, and after pauses in which all do.
  @Test func stepsFollowOneAnother() {
    let team = WorkerTeam(threads: 3)
    let sum = Atomic(0)
    for step in 0..<2000 {
      if step % 500 == 0 { Thread.sleep(forTimeInterval: 0.02) }
      team.run(count: 5) { _, item in sum.add(item, ordering: .relaxed) }
    }
    #expect(sum.load(ordering: .relaxed) == 20000)
  }

  @Test func aWorkerHasOneItemAtATime() {
    let team = WorkerTeam(threads: 4)
    let busy = Protected(Set<Int>())
    let collisions = Atomic(0)
    team.run(count: 400) { worker, _ in
      if !busy.withLock({ $0.insert(worker).inserted }) { collisions.add(1, ordering: .relaxed) }
      busy.withLock { _ = $0.remove(worker) }
    }
    #expect(collisions.load(ordering: .relaxed) == 0)
  }

  @Test func stepsInsideOfStepsAndSeveralCallersAreServed() {
    let team = WorkerTeam(threads: 2)
    let sum = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      team.run(count: 10) { _, _ in
        team.run(count: 3) { _, item in sum.add(item + 1, ordering: .relaxed) }
      }
    }
    #expect(sum.load(ordering: .relaxed) == 4 * 10 * 6)
  }

  private struct ItemError: Error, Equatable {
    let item: Int
  }

  @Test func theFirstErrorInOrderIsThrown() {
    let team = WorkerTeam(threads: 3)
    #expect(throws: ItemError(item: 4)) {
      try team.runThrowing(count: 20) { _, item in
        if item >= 4, item % 2 == 0 { throw ItemError(item: item) }
      }
    }
  }
}
