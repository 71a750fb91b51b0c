/// Which classes and functions a file of weights may name, and what each means to a reader.
///
/// Nothing on this list is ever imported, built or called: an allowed name is kept as a name. The list is short for
/// another reason. A file that asks for more than it needs to describe tensors is either not a file of weights or an
/// attack on whoever loads it with Python, and in both cases the person who converts it should know.
///
/// Names are compared whole, module and name each on their own. There are no patterns among the allowed ones, so neither
/// a submodule, nor an attribute, nor a longer or shorter module with the same dots is taken for one of them.
public enum TorchGlobals {
  /// What an allowed class or function means.
  public enum Kind: Sendable, Hashable {
    /// A function that makes a tensor from a storage, an offset, sizes and strides.
    case rebuildTensor
    /// A function that marks a tensor as a parameter.
    case rebuildParameter
    /// A function that makes a tensor by another function, of a class and with attributes.
    case rebuildFromType
    /// A class of tensors.
    case tensorClass
    /// A storage; the name says the element type, except for untyped ones.
    case storage
    /// An element type.
    case dtype
    /// The class of shapes; its argument is a tuple.
    case size
    /// The class of devices.
    case device
    /// A memory layout, or the function that finds one by name.
    case layout
    /// A dictionary that keeps its order.
    case orderedDictionary
    /// Another class of dictionaries.
    case mapping
    /// A class of lists.
    case sequence
    /// A class or function of Python or NumPy that training state is made of; its values are not looked into.
    case plain
  }

  /// Why a known class or function is refused.
  public struct Refusal: Sendable, Hashable {
    /// What a file that names it holds.
    public let reason: String
    /// What to do instead.
    public let remedy: String
  }

  /// What is to be said about a class or function.
  public enum Verdict: Sendable, Hashable {
    /// It describes weights or plain values.
    case allowed(Kind)
    /// It is known, and leads to something other than plain tensors.
    case refused(Refusal)
    /// It has no place in a file of weights.
    case forbidden
  }

  /// Judges a class or function by its name.
  public static func verdict(on global: PickleGlobal) -> Verdict {
    if let kind = kind(of: global) { return .allowed(kind) }
    if let refusal = refusal(of: global) { return .refused(refusal) }
    return .forbidden
  }

  /// What an allowed class or function means; `nil` for all others.
  public static func kind(of global: PickleGlobal) -> Kind? { allowed[global] }
}
