/// What the JSON file of a golden case says.
struct GoldenDocument: Decodable {
  /// What the model said.
  struct Answer: Decodable {
    let ids: [Int]
    let text: String
    let topFive: [TopFive]

    enum CodingKeys: String, CodingKey {
      case ids, text
      case topFive = "top5"
    }
  }

  /// The greatest logits of a step, rounded to five decimals.
  struct TopFive: Decodable {
    let ids: [Int]
    let logits: [Double]
  }

  /// The same prompt by `tokenizer.json`.
  struct Fast: Decodable {
    let inputIds: [Int]
    let instructIds: [Int]
    let generated: Answer

    enum CodingKeys: String, CodingKey {
      case inputIds = "input_ids"
      case instructIds = "instruct_ids"
      case generated
    }
  }

  let prompt: String
  let question: String?
  let image: String?
  let answers: [String]?
  let generated: Answer
  let fast: Fast?

  enum CodingKeys: String, CodingKey {
    case prompt, question, image, answers, generated
    case fast = "with_fast_tokenizer"
  }
}
