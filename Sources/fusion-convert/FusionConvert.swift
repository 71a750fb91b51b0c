import ArgumentParser
import ConversionPipeline
import FusionCore
import Glibc

/// The program: `convert` unless another command is named.
@main
struct FusionConvert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fusion-convert",
    abstract: "Convert FUSION vision-language checkpoints to int8 and int4, and prove the result.",
    discussion: """
      EXAMPLES
        fusion-convert my-checkpoint model.fusion --quant int4
        fusion-convert inspect model.fusion
        fusion-convert verify model.fusion --source my-checkpoint
        fusion-convert diff my-checkpoint model.fusion --html report.html
        fusion-convert run model.fusion --image photo.jpg --prompt 'What is in the picture?'
        fusion-convert eval model.fusion --data questions.jsonl --images pictures
        fusion-convert export model.fusion restored-checkpoint

      A checkpoint is a folder with safetensors files, config.json and tokenizer files.

      EXIT STATUS
        0 done   3 done, but a limit of diff was missed   64 wrong options   65 malformed or refused input
        66 input missing   70 defect of this program   73 output cannot be created   74 reading or writing failed
      """,
    version: ProgramVersion.text,
    subcommands: [
      ConvertCommand.self, InspectCommand.self, VerifyCommand.self, DiffCommand.self, RunCommand.self,
      TraceCommand.self, EvalCommand.self, CalibrateCommand.self, ExportCommand.self,
      SynthCommand.self,
    ],
    defaultSubcommand: ConvertCommand.self)

  static func main() {
    StandardDescriptors.occupy()
    // A write beyond a file-size limit, or to a closed pipe, is an error to report, not a reason to be killed.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    FaultHandling.install()
    MemoryFaultHandler.install()
    do {
      let arguments = ProgramArguments.all
      for notice in FaultHandling.restoreLeftovers(near: arguments) { Console.printError("note: \(notice)") }
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch {
      FailureReport.end(error)
    }
  }
}
