"""Starts a sentence after a headline, a caption, a paragraph or a dateline, and inside one that never ends."""

import itertools
import re
import string
from collections.abc import Iterator

import numpy
from spacy.attrs import IDX, IS_SPACE
from spacy.language import Language
from spacy.tokens import Doc

from transforms.extract.layers import register, text_of
from transforms.records import record

SENTENCE_ENDS = frozenset(".!?:;\"”’'»)]")
WRAPPED_LINES = 3  # so many lines that end in mid-sentence are no chance: headlines and captions are one or two
WRAPPED_CHARACTERS = 100  # wire copy was wrapped at 60 to 80 columns; paragraphs on one line are longer
SHORT_SHARE = 0.6  # of the widest line: a shorter one that ends in mid-sentence was not broken for want of room
INDENT = "  "

# No sentence of news is half as long; the parser and all who look through sentences cost its length squared.
LONGEST_SENTENCE = 2000  # characters
CUT_WITHIN = 400  # characters before that length in which a comma is looked for, or else a space
_SENTENCE_END = re.compile(r"[.!?;:][\"”’')\]]*\s|\n\s*\n")

# "STAVANGER, June 2 - ", "WASHINGTON (AP) -- ", "GENEVA, Feb. 3, 2012 (Reuters) — " at the start of a line.
_DATELINE = re.compile(r"[ \t]*[A-Z][A-Z.'’/-]{2,}(?: [A-Z][A-Z.'’/-]+){0,3}[^\n]{0,60}?\s(?:--?|[–—])\s+(?=\S)")
_LETTERS, _SMALL_LETTERS = string.ascii_letters.encode(), string.ascii_lowercase.encode()
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_MINIMAL_CAPITALS = 3  # letters; fewer are initials or a pronoun


@record
class Line:
    """One line of a text: characters start to end, without its line break."""

    start: int
    end: int
    text: str


def lines_of(text: str) -> list[Line]:
    """Returns the lines of a text, empty ones included."""
    ends = [match.start() for match in re.finditer("\n", text)] + [len(text)]
    starts = [0, *(end + 1 for end in ends[:-1])]
    return [Line(start=start, end=end, text=text[start:end]) for start, end in zip(starts, ends, strict=True)]


def is_wrapped(lines: list[Line]) -> bool:
    """Whether a text is broken into lines of one width, as old wire copy is: then a line's end is no sentence's end."""
    broken = [line.text for line, below in itertools.pairwise(lines) if line.text.strip() and below.text.strip()]
    cut = [line for line in broken if line.rstrip()[-1] not in SENTENCE_ENDS]
    return len(cut) >= WRAPPED_LINES and max(map(len, broken)) <= WRAPPED_CHARACTERS


def is_shouted(text: str) -> bool:
    """Whether a line is written in capitals: a headline, or a text from a teleprinter."""
    plain = text.encode("ascii", "ignore")  # deleting from bytes counts twenty times as fast as asking each letter
    others = [letter for letter in _NOT_ASCII.findall(text) if letter.isalpha()]
    letters = len(plain) - len(plain.translate(None, _LETTERS)) + len(others)
    small = len(plain) - len(plain.translate(None, _SMALL_LETTERS)) + sum(map(str.islower, others))
    return letters > _MINIMAL_CAPITALS and small <= letters // 10


def _parts(line: Line, below: Line, *, wrapped: bool, width: int) -> bool:
    """Whether a paragraph ends between two lines that have no empty line between them."""
    following = below.text.lstrip()
    if following[:1].islower():
        return False
    if not wrapped:
        return True
    if below.text.startswith(INDENT) and not line.text.startswith(INDENT):
        return True
    if is_shouted(line.text) and not is_shouted(below.text):
        return True
    return len(line.text) < SHORT_SHARE * width and line.text.rstrip()[-1:] not in {",", "-"}


def first_lines(text: str) -> Iterator[Line]:
    """Yields the first line of every paragraph."""
    lines = lines_of(text)
    wrapped = is_wrapped(lines)
    width = max((len(line.text) for line in lines), default=0)
    above: Line | None = None
    for line in lines:
        if not line.text.strip():
            above = None
            continue
        if above is None or _parts(above, line, wrapped=wrapped, width=width):
            yield line
        above = line


def paragraph_starts(text: str) -> Iterator[int]:
    """Yields the characters at which a new paragraph begins, and those at which the text after a dateline does."""
    for line in first_lines(text):
        yield line.start
        dateline = _DATELINE.match(line.text)
        if dateline and not is_shouted(line.text):
            yield line.start + dateline.end()


def cuts(text: str) -> Iterator[int]:
    """Yields where a stretch of text without any end of a sentence is cut, so that no sentence is longer than all news.

    Args:
        text: An article.

    Yields:
        Characters at which a word may begin a sentence: behind a comma where there is one near, else behind a space;
        a single word is never cut.
    """
    start = 0
    for end in itertools.chain((match.end() for match in _SENTENCE_END.finditer(text)), (len(text),)):
        while end - start > LONGEST_SENTENCE:
            latest = start + LONGEST_SENTENCE
            comma, space = text.rfind(", ", latest - CUT_WITHIN, latest), text.rfind(" ", start + 1, latest)
            cut = comma + 2 if comma >= 0 else space + 1 if space >= 0 else text.find(" ", latest, end) + 1
            if cut <= start:
                break
            start = cut
            yield cut
        start = end


@Language.component("pactwatch_paragraphs")
def start_sentences_at_paragraphs(doc: Doc) -> Doc:
    """Starts a sentence at the first word of every paragraph, and now and then in a text without full stops."""
    told = doc.to_array([IDX, IS_SPACE]).reshape(-1, 2)  # arrays: an object for each token costs ten times as much
    words = numpy.flatnonzero(told[:, 1] == 0)
    offsets = told[words, 0].astype(numpy.int64)
    text = text_of(doc)
    for start in itertools.chain(paragraph_starts(text), cuts(text)):
        at = int(numpy.searchsorted(offsets, start))
        if at < len(words):
            doc[int(words[at])].is_sent_start = True
    return doc


register()
