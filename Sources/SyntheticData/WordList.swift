/// What the pieces of a synthetic tokenizer are made of.
enum WordList {
  /// Frequent words of English and of questions about pictures, the most useful first.
  static let words = """
    the a of and to in is you that it he was for on are as with his they at be this have from or one had by word but \
    not what all were we when your can said there use an each which she do how their if will up other about out many \
    then them these so some her would make like him into time has look two more write go see number no way could people \
    my than first water been call who its now find long down day did get come made may part image picture color colour \
    circle square triangle shape left right above below between red green blue yellow black white large small answer \
    question question's describe following option letter directly single short sentence paragraph text visible shown \
    object objects where behind front many count there's person man woman child dog cat car street house tree table \
    chair book phone computer sky grass light dark orange purple brown gray pink helpful assistant highly intelligent \
    language vision able understand visual content user provides assist variety tasks using natural whenever present \
    conversation very carefully examine consider formulating response system user please good new sound take only \
    little work know place year live me back give most after thing our just name think say help through much before \
    line turn cause same mean differ move boy old too does tell set three want air well also play end put home read \
    hand port spell add even land here must big high such follow act why ask men change went kind off need try again \
    animal point mother world near build self earth father any side bottom top center corner background foreground \
    program free software license should because being under while another against every different during without
    """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)

  /// Ends and groups of letters, the longer ones first, so that they win over their own parts.
  static let letterGroups = """
    tion ment able ness ight ough ally ther ing ent ion ers est ous ful ate ive all ity ted ble age ine ight th er in re \
    on an at en es or te st ar nd it is le ve ed se al ne ro ri ra li la de co me om ic ur ce ma el ch ll un ta si ho ca
    """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)

  /// Letters and those that often follow them.
  static let followers: [(letter: String, next: [String])] = [
    "a:ntlrscdimbgpv", "b:eoaluriy", "c:ohaetkrilu", "d:eiaosruyl", "e:rnsdatlcmxvpfg", "f:oireaftul", "g:eharoliu",
    "h:eaioutry", "i:nsotcdlaemgvfrp", "j:ueaoi", "k:einsloa", "l:leaiydostu", "m:eaoipumsby", "n:tdgesoacikuv",
    "o:nfurmwtlpsdcvko", "p:eraolipthu", "q:u", "r:eaiosytndmkul", "s:teohisaucpkwlm", "t:hioearstuywl",
    "u:rnstlpcmgadbei", "v:eiao", "w:haieonrs", "x:tpiace", "y:osaetim", "z:eioaz",
  ].map { entry in
    (String(entry.prefix(1)), entry.dropFirst(2).map { String($0) })
  }

  static func capitalized(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }
}
