import ContainerFormat

/// A decoder that only one worker of a team uses.
struct ThreadDecoder: @unchecked Sendable {
  let decoder = ChunkDecoder()
}
