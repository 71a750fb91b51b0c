/// Names of a statistics file, as `formats/statistics.md` has them.
public enum StatisticsSchema {
  /// Name and version of the form.
  public static let name = "fusion-convert.statistics/1"

  /// Endings of tensor names, behind the site and a dot.
  public enum Tensor: String, CaseIterable, Sendable {
    /// Sums of w x_j^2: F64, one a column.
    case squareSums = "square_sums"
    /// Sums of w |x_j|: F64, one a column.
    case magnitudeSums = "magnitude_sums"
    /// Sums of w x_i x_j: F32, the upper triangle row by row.
    case secondMomentSums = "second_moment_sums"

    /// The tensor's name for a site.
    func name(_ site: String) -> String { "\(site).\(rawValue)" }
  }

  /// Keys of the metadata.
  public enum Key: String, CaseIterable, Sendable {
    /// ``StatisticsSchema/name``.
    case schema
    /// Version of the program.
    case program
    /// Fingerprint of the model.
    case model
    /// `model_type` of the model.
    case family
    /// Name of the data file, or `synth`.
    case data
    /// SHA-256 of the data.
    case dataDigest = "data_digest"
    /// Samples that the model saw.
    case sampleCount = "samples"
    /// Those with a picture.
    case pictureCount = "pictures"
    /// Words in the decoder's input, all samples together.
    case languageTokenCount = "language_tokens"
    /// Patches and latents there.
    case visionTokenCount = "vision_tokens"
    /// What a row of a word counts.
    case languageWeight = "language_weight"
    /// What a row of a picture counts.
    case visionWeight = "vision_weight"
    /// JSON: what each site is the input of, and its rows.
    case sites
  }

  /// Fields of a site in the JSON of ``Key/sites``.
  public enum SiteField: String, CaseIterable, Sendable {
    /// Canonical names of the weights that are multiplied with the input.
    case weights
    /// Rows that are words.
    case languageRows = "language_rows"
    /// Rows that came from a picture.
    case visionRows = "vision_rows"
  }
}
