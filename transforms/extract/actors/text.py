"""The words of a text as names are compared: folded, with their offsets and their tokens."""

import functools
import re
import string
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Container

from spacy.tokens import Doc, Token

from transforms.extract.layers import text_of

# Initials with full stops are one word ("U.S."), and with hyphens, as broadcasters write them ("C-I-A"); a word may
# hold apostrophes ("Hay'et", "N'Djamena") and "&" ("AT&T").
# What can begin none of these shapes, and what is a plain word, is told first: it is nearly all of a text. Only the
# others are a group, so that a match knows whether it may hold an apostrophe.
_WORD = re.compile(
    r"(?=[^\W_])(?:[A-Za-z0-9]{2,}+(?![\w'’ʼ‘`&])"
    r"|((?:[^\W\d_]\.){2,}|[A-Z](?:-[A-Z])+(?![\w-])|[^\W_]+(?:['’ʼ‘`&][^\W_]+)*))"
)
_APOSTROPHES = "'’ʼ‘`"
_NOT_FOLDED = re.compile(r"[^a-z0-9]+")
# Letters that NFKD leaves whole; the spellings are those of English news.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ı": "i", "ð": "d"}
)
_CAPITALS, _SMALL = string.ascii_uppercase.encode(), string.ascii_lowercase.encode()
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_LONGEST_LIST = 30  # members; longer chains of "and" are no prose
_CAPS_SHARE = 0.75  # of a line's letters: datelines and "by" lines in headlines of capitals leave some in small ones
_CAPS_LETTERS = 12  # shorter lines are abbreviations or names ("UAW", "GENEVA")


@functools.lru_cache(maxsize=65_536)  # some ten thousand words make up nearly all of news
def fold(text: str) -> str:
    """Returns a word or name as compared: no accents, lower case, only letters and digits of ASCII.

    Text without a Latin letter or digit is only case-folded, so that it still compares.
    """
    if text.isascii():
        return _NOT_FOLDED.sub("", text.lower())
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode()
    return _NOT_FOLDED.sub("", plain.lower()) or text.casefold()


def spans_of_words(text: str) -> list[tuple[int, int]]:
    """Returns start and end of every word; a possessive 's is a word of its own."""
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        span = match.span()
        if match.lastindex is None:
            spans.append(span)
            continue
        start, end = span
        if text[end - 1] in "sS" and text[end - 2] in _APOSTROPHES and end - start > 2:
            spans += [(start, end - 2), (end - 2, end)]
        else:
            spans.append(span)
    return spans


@functools.lru_cache(maxsize=16_384)
def key_of(name: str) -> tuple[str, ...]:
    """Returns the folded words of a name, as names are matched."""
    return tuple(fold(name[start:end]) for start, end in spans_of_words(name))


class Words:
    """The words of one Doc as parallel lists; `i` is everywhere the index of a word.

    Attributes:
        text, key: The word as written, and folded.
        start, end: Its characters in the document.
        capital: Whether it is written with a capital first letter or a digit.
        shout: Whether it stands in a line of capitals.
        line: The number of its line.
        known: The keys of names that the gazetteer knows, once it was looked through.
    """

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.source = text_of(doc)
        spans = spans_of_words(self.source)
        self.start = [start for start, _ in spans]
        self.end = [end for _, end in spans]
        self.text = [self.source[start:end] for start, end in spans]
        self.key = list(map(fold, self.text))
        self.capital = list(map(_is_capital, self.text))
        self._token_starts: list[int] = doc.to_array("IDX").tolist() if len(doc) else []
        self._sentences: list[int] | None = None
        self.known: Container[tuple[str, ...]] = ()
        self._find_lines()

    def __len__(self) -> int:
        return len(self.text)

    def _find_lines(self) -> None:
        self.line: list[int] = []
        self.shout: list[bool] = []
        self.lines: list[tuple[int, int]] = []
        offset = i = 0
        for number, line in enumerate(self.source.split("\n")):
            end, first = offset + len(line), i
            i = bisect_left(self.start, end, first)
            self.lines.append((first, i))
            shout = is_shouted(line)
            self.line += [number] * (i - first)
            self.shout += [shout] * (i - first)
            offset = end + 1

    def token(self, i: int) -> Token:
        """Returns the spaCy token that word `i` begins in."""
        return self.doc[max(bisect_right(self._token_starts, self.start[i]) - 1, 0)]

    def governor(self, i: int, j: int, through: tuple[str, ...] = ("conj", "appos")) -> Token:
        """Returns the head of words `i` to `j`, or of the list they are a member of ("X, Y and Z said": X)."""
        head = self.head(i, j)
        for _ in range(_LONGEST_LIST):
            if head.dep_ not in through or head.head is head:
                break
            head = head.head
        return head

    def sentence(self, i: int) -> tuple[int, int]:
        """Returns the first and last character (end exclusive) of the sentence that word `i` stands in."""
        if self._sentences is None:
            marked = self.doc.has_annotation("SENT_START")
            self._sentences = [it.start_char for it in self.doc.sents] if marked else [0]
        place = max(bisect_right(self._sentences, self.start[i]) - 1, 0)
        last = place + 1 == len(self._sentences)
        return self._sentences[place], len(self.source) if last else self._sentences[place + 1]

    def between(self, i: int, j: int) -> str:
        """Returns the characters between the end of word `i` and the start of word `j`."""
        return self.source[self.end[i] : self.start[j]]

    def span(self, i: int, j: int) -> str:
        """Returns the text of words `i` to `j`, end exclusive."""
        return self.source[self.start[i] : self.end[j - 1]]

    def at(self, start: int, end: int) -> tuple[int, int]:
        """Returns the words within characters `start` to `end` as a range, end exclusive; it may be empty."""
        first = bisect_right(self.end, start)
        return first, max(first, bisect_right(self.start, end - 1))

    def head(self, i: int, j: int) -> Token:
        """Returns the syntactic head of words `i` to `j`: the token whose own head is outside them."""
        first, last = self.token(i), self.token(j - 1)
        return self.doc[first.i : last.i + 1].root


@functools.lru_cache(maxsize=65_536)  # as many as `fold`
def _is_capital(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit()


def is_shouted(line: str) -> bool:
    """Says whether a line is written in capitals, as headlines of wires are."""
    plain = line.encode("ascii", "ignore")  # deleting from bytes counts twenty times as fast as asking each letter
    others = _NOT_ASCII.findall(line)
    upper = len(plain) - len(plain.translate(None, _CAPITALS)) + sum(map(str.isupper, others))
    lower = len(plain) - len(plain.translate(None, _SMALL)) + sum(map(str.islower, others))
    return upper + lower >= _CAPS_LETTERS and upper >= _CAPS_SHARE * (upper + lower)
