"""Finds the title of a text, and puts one found elsewhere before it."""

import re

from transforms.ingest.published import infer_published

MAX_HEADLINE_CHARACTERS = 200
MAX_SENTENCE_CHARACTERS = 120  # of a first sentence that stands for a title; wire headlines have under 100
_DATE_LINE_CHARACTERS = 80  # "Last updated: Wednesday, 17 September 2018, 12:30 GMT 13:30 UK" has 62
_TITLE_LINES = 6  # a title stands before the text; beyond some lines of date and author there is none

_NO_LETTERS = re.compile(r"[\W_]+")
_SENTENCE = re.compile(r".+?[.!?…][\"'”’)]*(?=\s+[\"'“‘(]?[A-Z0-9]|\s*$)", re.DOTALL)
_BYLINE = re.compile(r"(?i:by|from|source|author|photo|image)\b:?(\s+([A-Z]\S*|and|de|van|von|al|bin)){1,6}")
_SENTENCE_END = re.compile(r"[^.][.!][\"'”’)]*$")  # an ellipsis or a question mark may end a headline
_LINE_GOES_ON = re.compile(r"[,;:(–—-]$|\b(a|an|and|at|by|for|from|in|of|on|or|that|the|to|was|which|with)$")


def with_title(title: str | None, text: str) -> str:
    """Returns the text with its title before it as a paragraph of its own, unless it begins with that already."""
    if not title or not text.strip() or _letters(text[: 3 * len(title) + 200]).startswith(_letters(title)):
        return text
    return f"{title}\n\n{text}"


def _letters(text: str) -> str:
    """Page and text differ in quotes, dashes, spaces and capitals of the same title."""
    return _NO_LETTERS.sub("", text.casefold())


def find_title(text: str) -> str:
    """Returns the headline that a text begins with, else its first sentence, cut to 120 characters.

    A headline is a line of at most 200 characters that does not end like a sentence, nor in the middle of one that
    the next line goes on with. Lines that only hold a date or an author are passed over.
    """
    lines = text.split("\n")
    start = next((n for n, line in _first_lines(lines) if not _is_date_or_author(line)), None)
    if start is None:
        start = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if _is_headline(lines, start):
        return " ".join(lines[start].split())
    return _first_sentence("\n".join(lines[start:]))


def _first_lines(lines: list[str]) -> list[tuple[int, str]]:
    return [(n, line.strip()) for n, line in enumerate(lines[:50]) if line.strip()][:_TITLE_LINES]


def _is_date_or_author(line: str) -> bool:
    if _BYLINE.fullmatch(line):
        return True
    return len(line) < _DATE_LINE_CHARACTERS and not _SENTENCE_END.search(line) and infer_published(line) is not None


def _is_headline(lines: list[str], start: int) -> bool:
    line = lines[start].strip()
    following = lines[start + 1].strip() if start + 1 < len(lines) else ""
    if not line or len(line) > MAX_HEADLINE_CHARACTERS:
        return False
    ends_sentence = bool(_SENTENCE_END.search(line))
    goes_on = bool(following) and (following[0].islower() or bool(_LINE_GOES_ON.search(line)))
    return not (ends_sentence or goes_on)


def _first_sentence(text: str) -> str:
    paragraph = " ".join(text[: 20 * MAX_SENTENCE_CHARACTERS].split("\n\n")[0].split())
    found = _SENTENCE.match(paragraph)
    sentence = found[0] if found else paragraph
    if len(sentence) <= MAX_SENTENCE_CHARACTERS:
        return sentence
    cut = sentence[: MAX_SENTENCE_CHARACTERS - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + "…"
