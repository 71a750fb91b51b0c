import FusionCore
import FusionRuntime
import Testing

@Suite struct PromptLayoutTests {
  private static let image = PromptTokens.imagePlaceholder
  private static let latent = PromptTokens.latentPlaceholder

  @Test(arguments: [(image, latent), (latent, image), (image, image), (latent, latent)])
  func theFirstPlaceholderTakesThePictureWhicheverItIs(first: Int, second: Int) throws {
    let prompt = PromptTokens(ids: [7, first, 8, 9, second, 5])
    let layout = try PromptLayout(prompt, imageTokenCount: 10, queryLength: 4)
    #expect(layout.pieces == [.text([7]), .image, .text([8, 9]), .latents, .text([5])])
    #expect(layout.length == 18)
    #expect(layout.latentPositions == [13, 14, 15, 16])
    #expect(layout.questionPositions == [17])
    #expect(layout.positions == [0, 1, 11, 12, 13, 17])
  }

  @Test func everyTurnHasItsBlock() throws {
    let prompt = PromptTokens(ids: [Self.latent, Self.image, 1, 2, 3, Self.latent, 4], questionEnds: [3, 6])
    let layout = try PromptLayout(prompt, imageTokenCount: 3, queryLength: 1)
    #expect(layout.pieces == [.image, .latents, .text([1, 2, 3]), .latents, .text([4])])
    #expect(layout.latentPositions == [3, 7])
    #expect(layout.questionPositions == [5, 8])
  }

  @Test func withoutAPictureTheFirstTakesLatentsToo() throws {
    let layout = try PromptLayout(PromptTokens(ids: [1, Self.latent, 2]), imageTokenCount: nil, queryLength: 9)
    #expect(layout.pieces == [.text([1]), .latents, .text([2])])
    #expect(layout.latentPositions == Array(1..<10) && layout.questionPositions == [10])
  }

  @Test func textAloneIsItsTokens() throws {
    let layout = try PromptLayout(PromptTokens(ids: [1, 2, 3]), imageTokenCount: nil, queryLength: 0)
    #expect(layout.pieces == [.text([1, 2, 3])] && layout.positions == [0, 1, 2])
    #expect(layout.latentPositions.isEmpty && layout.questionPositions == [2])
  }

  @Test func aPictureAloneNeedsNoLatents() throws {
    let layout = try PromptLayout(PromptTokens(ids: [1, Self.image, 2]), imageTokenCount: 5, queryLength: 4)
    #expect(layout.latentPositions.isEmpty && layout.length == 7)
  }

  @Test(arguments: [
    ([latent, image, latent, 1], [3]), ([latent, image, 1, 2], [2, 3]), ([image, latent, latent, latent, 1], [0, 4]),
  ])
  func blocksAndQuestionsMustMatch(ids: [Int], ends: [Int]) {
    let prompt = PromptTokens(ids: ids, questionEnds: ends)
    let error = #expect(throws: FusionError.self) { try PromptLayout(prompt, imageTokenCount: 4, queryLength: 4) }
    #expect(error?.code == .latentsWithoutQuestion && error?.code.category == .usage)
    #expect(error?.expected?.hasPrefix("\(ends.count) ") ?? false)
    #expect(error?.found == "\(ids.filter { $0 < 0 }.count - 1)")
  }
}
