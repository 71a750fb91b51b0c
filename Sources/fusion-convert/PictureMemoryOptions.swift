import ArgumentParser
import ConversionPipeline

/// The option that says what reading a picture may cost; in every command that reads pictures.
struct PictureMemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Memory that reading a picture may take, and with it the work that its scans may be; larger ones are refused.",
      valueName: "size"))
  var maxImageMemory = ByteSize(RunRequest.standardPictureMemoryLimit)

  /// The number of bytes.
  var byteCount: Int { maxImageMemory.byteCount }
}
