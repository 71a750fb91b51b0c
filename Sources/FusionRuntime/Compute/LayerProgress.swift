/// Is told how many layers of a pass are done, and of how many.
public typealias LayerProgress = (_ done: Int, _ total: Int) -> Void
