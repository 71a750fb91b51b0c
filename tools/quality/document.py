"""Puts results into a document, between two marks, and the picture beside it."""

from pathlib import Path

START = "<!-- what tools/bench quality printed -->"
END = "<!-- end of what tools/bench quality printed -->"


def update(path, markdown, picture):
    """Replaces what stands between the marks of a document, and the picture of the same name."""
    path = Path(path)
    text = path.read_text()
    if text.count(START) != 1 or text.count(END) != 1 or text.index(START) > text.index(END):
        raise SystemExit(f"{path}: expected one line '{START}', and one '{END}' after it")
    before, rest = text.split(START)
    _, after = rest.split(END)
    path.with_suffix(".svg").write_text(picture)
    path.write_text(f"{before}{START}\n\n{markdown}\n{END}{after}")
