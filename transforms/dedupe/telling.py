"""Tells which sentences of a text say something that must be read: those with a date, a number or an agreement word.

A copy is read again when one of its telling sentences was in none of the earlier copies. So the words here err on the
side of too many: a sentence too much costs some reading, one too few could lose a deadline.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ruamel.yaml import YAML

# Not before a digit, so that "Feb. 1" stays whole: apart, "by Feb." and "1" could each be known from elsewhere.
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\W\d_a-z])|\n")

# "ANKARA, Sept 17 (Wire) - ": where and when a report was filed differs between copies that say the same. Without an
# agency in brackets the place must be in capitals, or "Turkey agreed - at last - to" would lose its beginning.
_PLACE = r"[A-Z][\w.’'-]*(?:[ /][A-Z][\w.’'-]*){0,3}"
_CAPITALS = r"[A-Z][A-Z .’'/-]{2,30}"
_REGION_AND_DAY = (
    r"(?:, ?[A-Z][\w.’' -]{1,24}?)?(?:,? (?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d{1,2})?"
)
_AGENCY = r" ?\([A-Z][^)]{1,30}\)"
_DATELINE = re.compile(
    rf"^(?:(?:{_PLACE}{_REGION_AND_DAY})?{_AGENCY}|{_CAPITALS}{_REGION_AND_DAY})\s*[-–—]{{1,2}}\s+(?=\S)"
)

_DATELINE_WITHIN = 5  # sentences: after a headline, a second line and a byline

# Lines that tell of the page and not of the news: who wrote it, when it was put up, whose it is.
_WHEN = (
    r"(?:[\d\s:,./|+–-]|\b(?:[ap]\.?m|[A-Z]{2,4}T|UTC|on|at|ago|hours?|minutes?|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\b)*"
)
_PAGE_LINE = re.compile(
    rf"(?i:\s*(?:(?:first |last )?(?:published|updated|modified|posted){_WHEN}$|copyright\b|©|\(c\) "
    r"|all rights reserved\b|[(\[]?(?:additional )?(?:reporting|editing|writing) by\b"
    r"|(?:file )?(?:photo|image|picture)(?: credit)?:))"
    r"|\s*(?i:by) (?:[A-Z][\w’'.-]*[ ,]*(?:and )?){1,6}$"
)
_PAGE_LINE_CHARACTERS = 160
_HEADLINE_CHARACTERS = 200
_ENDS_SENTENCE = re.compile(r"[.!?…:;,][\"'”’)\]]*$")


def _forms(word: str) -> Iterator[str]:
    yield word
    stem = word.removesuffix("e")
    yield from (word + "s", stem + "es", stem + "ed", stem + "ing", word + "d", word + word[-1] + "ed")
    yield from (word + word[-1] + "ing", stem + "er", word + "ment")
    if word.endswith("y"):
        yield from (word[:-1] + "ies", word[:-1] + "ied")


def _words() -> frozenset[str]:
    said = YAML(typ="safe").load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return frozenset(form for words in said.values() for word in words for form in _forms(word))


_TELLING = _words()


def sentences_of(text: str) -> list[str]:
    """Returns a text's sentences and lines in order, without datelines and without lines that tell of the page."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    parts = (text[start:end].strip() for start, end in zip([0, *ends], [*ends, len(text)], strict=True))
    kept = [part for part in parts if part and not _is_page(part)]
    return [*(_DATELINE.sub("", part, count=1) for part in kept[:_DATELINE_WITHIN]), *kept[_DATELINE_WITHIN:]]


def _is_page(part: str) -> bool:
    return len(part) <= _PAGE_LINE_CHARACTERS and _PAGE_LINE.match(part) is not None


def _is_headline(sentence: str) -> bool:
    """Whether a text's first sentence is a headline, which outlets write themselves over the same report.

    One with a number is none: that may be a date.
    """
    return (
        len(sentence) <= _HEADLINE_CHARACTERS
        and not _ENDS_SENTENCE.search(sentence)
        and not any(character.isdigit() for character in sentence)
    )


def _tells(words: Sequence[str]) -> bool:
    return not _TELLING.isdisjoint(words) or not "".join(words).isalpha()


def telling_hashes(sentences: Sequence[str], words: Sequence[Sequence[str]]) -> list[int]:
    """Returns a hash (64 bits) of each sentence that has a date, a number or an agreement word.

    Args:
        sentences: A text's sentences in order; a headline is passed over.
        words: The words of each, folded.
    """
    start = 1 if sentences and _is_headline(sentences[0]) else 0
    return [
        int.from_bytes(hashlib.blake2b(" ".join(said).encode("utf-8", "surrogatepass"), digest_size=8).digest())
        for said in words[start:]
        if said and _tells(said)
    ]
