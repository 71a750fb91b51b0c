extension ModelFamily {
  /// The family that a config.json names; `nil` for one that is not known or not named.
  ///
  /// - Throws: what is wrong with the file as JSON.
  package static func named(inConfiguration json: [UInt8], file: String) throws -> ModelFamily? {
    guard case .string(let name)? = try JSONValue.parseObject(json, file: file)["model_type"] else { return nil }
    return ModelFamily(rawValue: name)
  }
}
