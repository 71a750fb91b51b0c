/// A small file of each form of questions, about pictures of the set that `synth qa` makes.
enum QuestionForms {
  static let pictures = ["0000000.png", "0000001.png"]

  /// Writes all of them into a folder; the answers of TextVQA and of MME lie beside the questions.
  static func write(to folder: String) throws {
    for (name, text) in files { try File.write(text, to: "\(folder)/\(name)") }
    try File.makeFolder("\(folder)/mme/color")
    try File.write(
      "Is there a red apple in the image?\tYes\nIs there a blue apple in the image?\tNo\n",
      to: "\(folder)/mme/color/0000000.txt")
    try File.write(
      "0000001.png\tIs there one cat?\tYes\n0000001.png\tAre there two cats?\tNo\n", to: "\(folder)/mme/count.txt")
  }

  private static let files = [
    "lines.jsonl": """
    {"question_id": 1, "image": "0000000.png", "text": "<image>\\nWhat colour is it?", "answer": "red", "category": "c"}
    {"question_id": "b", "text": "Which?\\n(A) one\\n(B) two", "answer": "(B)", "options": ["one", "two"]}
    {"question_id": 3, "text": "Tell a story.", "type": "long", "answers": ["no", "yes"]}

    """,
    "pope.jsonl": """
    {"question_id": 1, "image": "0000000.png", "text": "Is there a snowboard in the image?", "label": "yes"}
    {"question_id": 2, "image": "0000000.png", "text": "Is there a car in the image?", "label": "no"}

    """,
    "mme.jsonl": """
    {"question_id": "color/0000000.png", "image": "color/0000000.jpg", "text": "Is there a red apple in the image?\\n\
    Answer the question using a single word or phrase.", "category": "color"}
    {"question_id": "color/0000000.png", "image": "color/0000000.jpg", "text": "Is there a blue apple in the image?\\n\
    Answer the question using a single word or phrase.", "category": "color"}

    """,
    "mmbench.tsv": """
    index\tquestion\thint\tA\tB\tC\tanswer\tcategory\timage
    1\tWhich one?\tnan\tcat\tdog\t\tA\tnature\t\(picture)
    1000001\t"Which ""one""?"\tlook\tdog\tcat\tcow\tB\tnature\t1

    """,
    "textvqa.json": """
    {"dataset_type": "val", "data": [
      {"question": "what is the brand?", "image_id": "0000000", "question_id": 7, "image_width": 64,
       "answers": ["nous les", "nous", "nous les", "n", "nous les", "nous", "n", "nous", "nous", "nous"]},
      {"question": "what does it say?", "image_id": "0000001", "question_id": 8, "answers": ["go", "stop"]}]}
    """,
    "textvqa.jsonl": """
    {"question_id": "0000000", "image": "0000000.png", "text": "what is the brand?\\nReference OCR token: N\\nAnswer."}
    {"question_id": "0000001", "image": "0000001.png", "text": "what does it say?"}

    """,
    "scienceqa.json": """
    [{"id": "4", "image": "0000000.png", "conversations": [
      {"from": "human", "value": "<image>\\nContext: N/A\\nWhich is it?\\nA. ice\\nB. fire"},
      {"from": "gpt", "value": "LECTURE: cold.\\nThe answer is A."}]},
     {"id": 5, "conversations": [{"value": "Which?\\n(A) one\\n(B) two"}, {"value": "The answer is B."}]}]
    """,
    "cvbench.jsonl": """
    {"idx": 1, "filename": "0000000.png", "prompt": "How many?\\n(A) 1 (B) 2", "choices": ["1", "2"], "answer": "(A)", \
    "task": "Count", "source": "ADE20K"}
    {"idx": 2, "filename": "0000001.png", "prompt": "Which is near?\\n(A) a (B) b", "choices": ["a", "b"], \
    "answer": "(B)", "task": "Depth"}

    """,
    "mmvp.csv": """
    Index,Question,Options,Correct Answer
    1,"Are the ears up, or down?",(a) Up (b) Down,(a)
    2,Are the ears up?,"(a) Up (b) ""Down\""",(b)

    """,
  ]

  /// A PNG file of one grey pixel.
  private static let picture =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
}
