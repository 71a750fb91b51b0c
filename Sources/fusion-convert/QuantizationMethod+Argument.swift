import ArgumentParser
import ConversionPipeline

extension QuantizationMethod: ExpressibleByArgument {}
