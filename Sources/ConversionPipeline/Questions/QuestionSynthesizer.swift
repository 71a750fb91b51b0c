import FusionCore
import ImagePreprocessing
import MappedFiles
import NumericKernels
import SyntheticData

/// Writes pictures of made-up scenes with questions whose answers are known.
///
/// Equal seeds give equal bytes for any number of threads, and a set is the beginning of every larger one of its seed.
public struct QuestionSynthesizer: Sendable {
  /// Questions to write, at least 1.
  public let questionCount: Int
  /// Decides every picture and every question.
  public let seed: UInt64
  /// Pixels of a picture's row, and rows.
  public let side: Int
  /// What questions are about.
  public let categories: Set<SceneCategory>
  /// Threads to use.
  public let execution: ExecutionOptions

  /// The most questions of one set: 2 million pictures, several gigabytes.
  public static let greatestQuestionCount = 10_000_000
  /// Sides that pictures can have, in pixels.
  public static let sides = ScenePainter.sides

  /// Collects the fields.
  ///
  /// - Precondition: a count from 1 to ``greatestQuestionCount``, one of ``sides``, at least one category.
  public init(
    questionCount: Int, seed: UInt64, side: Int = 256, categories: Set<SceneCategory> = Set(SceneCategory.allCases),
    execution: ExecutionOptions
  ) {
    precondition((1...Self.greatestQuestionCount).contains(questionCount), "\(questionCount) questions")
    precondition(Self.sides.contains(side) && !categories.isEmpty, "pictures of \(side) pixels about \(categories)")
    self.questionCount = questionCount
    self.seed = seed
    self.side = side
    self.categories = categories
    self.execution = execution
  }

  /// Writes the folder: `images/`, `questions.jsonl`, `conversations.jsonl` and `scenes.jsonl`.
  ///
  /// - Throws: `.outputExists`, `.cannotCreate`, `.noSpace`, `.writeFailed`.
  public func write(
    to output: String, replacing: Bool, progress: ProgressHandler? = nil
  ) throws -> QuestionSynthesisReport {
    let clock = ContinuousClock()
    let start = clock.now
    let pictureCount = CheckedArithmetic.ceilingDivision(questionCount, SceneSampler.questionsPerPicture)
    // Of 256 x 256 pixels a picture takes about 11 kB on the disk, with the lines about it.
    try FreeSpace.require(pictureCount * (7000 + side * side / 16), for: output)
    let folder = try AtomicFolder(path: output, replacing: replacing, files: WrittenFolder.questions)
    try folder.makeFolder(named: "images")
    let files = try QuestionSetFiles(in: folder)
    let sampler = SceneSampler(seed: seed, categories: categories)
    let painter = ScenePainter(side: side)
    var tally = QuestionTally()
    try OrderedWorkers.run(
      count: pictureCount, threads: execution.threads, makeContext: { () },
      produce: { _, number -> (picture: ScenePicture, record: SceneRecord, byteCount: Int) in
        let picture = sampler.picture(number)
        let record = SceneRecord(picture, number: number)
        let image = RGBImage(width: side, height: side, bytes: painter.samples(of: picture.scene))
        let bytes = PNGWriter.encode(image)
        try folder.writeUnsynced(bytes, named: record.image)
        return (picture, record, bytes.count)
      },
      commit: { number, product in
        // The last picture may have more questions than are wanted.
        let rest = questionCount - number * SceneSampler.questionsPerPicture
        try files.append(product.record, questionLimit: rest)
        tally.add(product.picture.questions.prefix(rest), byteCount: product.byteCount)
        progress?(
          ProgressUpdate(step: "drawing pictures", done: number + 1, total: pictureCount, unit: .pictures))
      })
    try files.finish()
    try folder.synchronize()
    try folder.commit()
    return QuestionSynthesisReport(
      output: output, seed: seed, side: side, pictureCount: pictureCount, questionCount: questionCount,
      categories: tally.categories, forms: tally.forms, pictureByteCount: tally.byteCount,
      wallSeconds: (clock.now - start).seconds, notices: folder.notices)
  }
}
