/// A small file of each form.
enum QuestionExamples {
  /// A picture of one pixel stands for all: the reader does not decode it.
  static let picture = "aGVsbG8gd29ybGQhIQ=="

  static let bench = """
    index\tquestion\thint\tA\tB\tC\tD\tanswer\tcategory\timage
    7\tWhat is it?\t"A ""hint""
    of two lines"\tcat\tdog\tnan\t\tB\tanimals\t\(picture)
    1000007\tWhat is it?\tnan\tdog\tcat\t\t\tA\tanimals\t7
    8\tHow many?\t\tone\ttwo\tthree\tfour\tD\tnumbers\t\(picture)

    """

  static let pairs = """
    Index,Question,Options,Correct Answer
    1,"Are the wings closer to being open, or closed?",(a) Open (b) Closed,(a)
    2,"Are the wings closer to being open, or closed?",(a) Open (b) Closed,(b)
    3,Is it day?,(a) Yes (b) No,(b)

    """

  static let science = """
    [
      {"id": "4", "image": "4/image.png", "conversations": [
        {"from": "human", "value": "<image>\\nWhich is it?\\nContext: N/A\\nOptions: (A) rock (B) plant"},
        {"from": "gpt", "value": "LECTURE: long. The answer is B."}]},
      {"id": 11, "conversations": [
        {"from": "human", "value": "Which?\\nOptions: (A) one (B) two (C) three"},
        {"from": "gpt", "value": "The answer is C."}]}
    ]
    """

  static let annotations = """
    {"dataset_type": "val", "dataset_name": "textvqa", "data": [
      {"question": "what is the brand of this camera?", "image_id": "003a", "question_id": 34602,
       "answers": ["nous", "dakota", "clos", "dakota", "dakota", "dakota", "dakota", "dakota", "clos", "dakota"]},
      {"question": "What does it say?", "image_id": "003a", "question_id": 34603,
       "answers": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]}
    ]}
    """

  static let lines = """
    {"question_id": 1, "image": "a.png", "text": "What colour?", "answer": "red", "category": "colour"}
    {"question_id": 2, "text": "Pick.\\nA. red\\nB. blue", "answer": "B"}
    """

  static let all = [bench, pairs, science, annotations, lines]
}
