// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors where FUSION_STRICT is set (tools/test does), so that a user's newer compiler with a new
// warning still builds the package.
let strictBuild = Context.environment["FUSION_STRICT"] != nil

let swiftSettings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
  ] + (strictBuild ? [.treatAllWarnings(as: .error)] : [])

let cSettings: [CSetting] = strictBuild ? [.treatAllWarnings(as: .error)] : []

/// A Swift target of this package, with the settings that all of them share.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, swiftSettings: swiftSettings)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

// The targets stand in the order of the layers, lowest first; tools/check-layers holds every import to this list.
let package = Package(
  name: "fusion-convert",
  products: [
    .executable(name: "fusion-convert", targets: ["fusion-convert"]),
    .library(
      name: "FusionToolkit",
      targets: [
        "FusionCore", "MappedFiles", "CheckpointLayout", "SafetensorsReader", "TorchReader", "WeightGraph",
        "Quantizers",
        "ContainerFormat", "AccuracyMetrics", "TextTokenizer", "ImagePreprocessing", "SyntheticData", "QuestionSets",
        "FusionRuntime", "AccuracyReports", "ConversionPipeline",
      ]),
    // For tools/fuzz, which builds the readers with instruments of its own.
    .library(name: "FuzzTargets", targets: ["FuzzTargets"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    // L0: C
    .target(name: "CNumericKernels", cSettings: cSettings),
    .target(name: "CContainerMessages", dependencies: ["CProtobufC"], cSettings: cSettings),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
    // Loads OpenBLAS when it is needed, so that a build needs nothing of it.
    .target(name: "COpenBLAS", cSettings: cSettings),
    .systemLibrary(name: "CJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
    // Header only: calls that Swift's Glibc does not show.
    .systemLibrary(name: "CLinux"),
    .target(name: "CPNG", cSettings: cSettings, linkerSettings: [.linkedLibrary("png")]),
    // L1
    library("FusionCore"),
    // L2
    library("MappedFiles", ["FusionCore", "CLinux"]),
    library("CheckpointLayout", ["FusionCore"]),
    library("ZstdCodec", ["FusionCore", "CZstd"]),
    library("NumericKernels", ["FusionCore", "CNumericKernels", "COpenBLAS"]),
    // L3
    library("SafetensorsReader", ["FusionCore", "MappedFiles", "CheckpointLayout"]),
    library("TorchReader", ["FusionCore", "MappedFiles", "CheckpointLayout", "CDeflate"]),
    library("WeightGraph", ["FusionCore"]),
    library("Quantizers", ["FusionCore", "NumericKernels"]),
    library(
      "ContainerFormat", ["FusionCore", "MappedFiles", "ZstdCodec", "CContainerMessages", "CProtobufC", "CXXHash"]),
    library("AccuracyMetrics", ["FusionCore"]),
    library("TextTokenizer", ["FusionCore"]),
    library("ImagePreprocessing", ["FusionCore", "CPNG", "CJPEG"]),
    library("SyntheticData", ["FusionCore", "MappedFiles", "NumericKernels"]),
    library("QuestionSets", ["FusionCore", "MappedFiles"]),
    // L4
    library("FusionRuntime", ["FusionCore", "NumericKernels", "WeightGraph", "Quantizers"]),
    library("AccuracyReports", ["FusionCore", "AccuracyMetrics"]),
    // L5
    library(
      "ConversionPipeline",
      [
        "FusionCore", "MappedFiles", "CheckpointLayout", "NumericKernels", "SafetensorsReader", "TorchReader",
        "WeightGraph", "Quantizers", "ContainerFormat", "AccuracyMetrics", "TextTokenizer", "ImagePreprocessing",
        "SyntheticData", "QuestionSets", "FusionRuntime", "AccuracyReports", crypto,
      ]),
    // L6
    .executableTarget(
      name: "fusion-convert",
      dependencies: [
        "FusionCore", "TextTokenizer", "FusionRuntime", "AccuracyReports", "ConversionPipeline",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),
    // Tests
    .target(name: "TestSupport", dependencies: ["FusionCore"], path: "Tests/TestSupport", swiftSettings: swiftSettings),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "FusionCore", "MappedFiles", "CheckpointLayout", "SafetensorsReader", "TorchReader", "WeightGraph",
        "ContainerFormat", "TextTokenizer", "ImagePreprocessing", "QuestionSets", "ConversionPipeline",
      ],
      path: "Tests/FuzzTargets", swiftSettings: swiftSettings),
    tests("FuzzReplayTests", ["FusionCore", "FuzzTargets"]),
    tests("FusionCoreTests", ["FusionCore"]),
    tests("MappedFilesTests", ["FusionCore", "MappedFiles"]),
    tests("NumericKernelsTests", ["FusionCore", "NumericKernels"]),
    tests("QuantizersTests", ["FusionCore", "NumericKernels", "Quantizers"]),
    tests("CheckpointLayoutTests", ["FusionCore", "CheckpointLayout"]),
    tests("SafetensorsReaderTests", ["FusionCore", "MappedFiles", "CheckpointLayout", "SafetensorsReader"]),
    tests("TorchReaderTests", ["FusionCore", "MappedFiles", "SafetensorsReader", "TorchReader"]),
    tests("WeightGraphTests", ["FusionCore", "WeightGraph"]),
    tests("ContainerFormatTests", ["FusionCore", "MappedFiles", "ZstdCodec", "ContainerFormat"]),
    tests("AccuracyMetricsTests", ["AccuracyMetrics"]),
    tests("TextTokenizerTests", ["FusionCore", "TextTokenizer"]),
    tests("ImagePreprocessingTests", ["FusionCore", "ImagePreprocessing", "SafetensorsReader"]),
    tests("SyntheticDataTests", ["FusionCore", "SyntheticData"]),
    tests("QuestionSetsTests", ["FusionCore", "QuestionSets"]),
    tests("AccuracyReportsTests", ["FusionCore", "AccuracyReports"]),
    tests(
      "FusionRuntimeTests",
      [
        "FusionCore", "NumericKernels", "WeightGraph", "FusionRuntime", "ImagePreprocessing", "TextTokenizer",
        "ConversionPipeline",
      ]),
    tests(
      "ConversionPipelineTests",
      [
        "FusionCore", "MappedFiles", "NumericKernels", "SafetensorsReader", "WeightGraph", "Quantizers",
        "ContainerFormat", "TextTokenizer",
        "FusionRuntime", "AccuracyReports", "ConversionPipeline", crypto,
      ]),
    tests("CommandLineTests", ["FusionCore", "ContainerFormat", "fusion-convert"], exclude: ["Snapshots"]),
  ]
)
