/// The form of a question file, as benchmarks publish theirs.
public enum QuestionFormat: String, Sendable, Hashable, CaseIterable {
  /// JSON lines as LLaVA has them: `question_id`, `image`, `text` and an answer.
  case lines
  /// POPE: JSON lines with `label` yes or no.
  case pope
  /// MME: a folder of the release, or LLaVA's JSON lines with the folder as separate answers.
  case mme
  /// MMBench: a table with tabs, pictures in base64, a column for each option.
  case mmbench
  /// TextVQA: the annotations, or LLaVA's JSON lines with the annotations as separate answers.
  case textvqa
  /// ScienceQA: one JSON array of conversations.
  case scienceqa
  /// CV-Bench: JSON lines with `prompt` and `choices`.
  case cvbench
  /// MMVP: a table with commas, two questions to a pair.
  case mmvp
}
