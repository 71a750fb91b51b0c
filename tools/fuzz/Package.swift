// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("ExistentialAny"),
]

// The Fuzzer is built by tools/fuzz/run with --sanitize=fuzzer on the command line, so that the toolkit's own sources,
// which are the ones to be watched, are instrumented too. The CommandFuzzer runs the program as it is.
let package = Package(
  name: "fusion-fuzz",
  dependencies: [.package(name: "fusion-convert", path: "../..")],
  targets: [
    .executableTarget(
      name: "Fuzzer", dependencies: [.product(name: "FuzzTargets", package: "fusion-convert")],
      swiftSettings: swiftSettings),
    .executableTarget(name: "CommandFuzzer", swiftSettings: swiftSettings),
  ]
)
