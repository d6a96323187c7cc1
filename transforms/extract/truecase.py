"""Writes headlines and teleprinter text as sentences are written, character for character, so that they can be parsed.

"NORWAY SIGNS GAS DEAL" and "Norway Signs Gas Deal" become "Norway signs gas deal": the trained pipeline learnt from
running text, where a capital letter is a name. What is a name is seen from the article's own running text, else from
the known actors, else from the words the trained pipeline's lemmatizer knows.
"""

import re
from collections import Counter
from collections.abc import Iterable

from spacy.language import Language

from transforms.extract.known_words import ALWAYS_NAMES, WORD, KnownWords, known_words
from transforms.extract.paragraphs import Line, is_shouted, lines_of
from transforms.records import record

HEADLINE_CHARACTERS = 160
HEADLINE_WORDS = 4
HEADLINE_SHARE = 0.6  # of the words of four letters and more: a headline leaves its small words small
SMALL_WORD_LETTERS = 4  # and, for, the, with
ACRONYM_LETTERS = 5  # an unknown word in capitals of up to so many letters is an acronym
TWICE = 2  # an everyday word with a capital once may be part of a name; twice, and never small, it is one
_MONTH_OR_VERB = frozenset({"may", "march"})
_ABBREVIATED_FIRMS = frozenset({"inc", "corp", "ltd", "co", "plc"})
_DAY_AFTER = re.compile(
    r"\s+(?:\d|(?:first|second|third|fourth|fifth|sixth|seventh|eighth|nin|ten|twen|thir)\w*)", re.I
)
_DAY_BEFORE = re.compile(r"(?:\d|\b(?:in|last|next|this|of|since|by|until|late|early))\s+$", re.I)
_SENTENCE_END = re.compile(r"(?:[^\W\d_]{2}[.!?]|:)[\"”’']?\s+$")  # two letters: the point of "U.S." ends nothing


# "PITTSBURGH--(BUSINESS WIRE)--Norwood Steel": a press agency without a space on either side.
_RELEASE = re.compile(r"--(\([^()\n]{3,30}\))--(?=\w)")


@record
class _Seen:
    """How the words of an article's running text are written, lower case as keys."""

    small: frozenset[str]
    capital: Counter[str]
    upright: frozenset[str]


def _seen(lines: Iterable[Line]) -> _Seen:
    small: set[str] = set()
    capital: Counter[str] = Counter()
    upright: set[str] = set()
    for line in lines:
        end = 0
        for match in WORD.finditer(line.text):
            word, before = match[0], line.text[end : match.start()].rstrip() or line.text[max(end - 1, 0) : end]
            end = match.end()
            if word.islower():
                small.add(word)
            elif len(word) > 1 and word.isupper():
                upright.add(word.lower())
            elif before and before[-1] not in ".!?:“\"‘'":
                capital[word.lower()] += 1
    return _Seen(small=frozenset(small), capital=capital, upright=frozenset(upright))


def is_headline(line: Line) -> bool:
    """Whether a line is a headline with a capital at almost every word."""
    text = line.text.strip()
    if len(text) > HEADLINE_CHARACTERS or text.endswith((".", ",", ";", ":")) or text.lower().startswith("by "):
        return False
    words = WORD.findall(text)
    long = [word for word in words if len(word) >= SMALL_WORD_LETTERS]
    return len(words) >= HEADLINE_WORDS and sum(word[0].isupper() for word in long) >= HEADLINE_SHARE * len(long) > 0


def _is_name(word: str, seen: _Seen, words: KnownWords) -> bool:
    if word in ALWAYS_NAMES or word in words.names:
        return word not in seen.small
    if word in _ABBREVIATED_FIRMS:
        return True
    if word in seen.small:
        return False
    if not words.is_everyday(word) or (word in words.nouns and word in seen.upright):
        return True
    return seen.capital[word] >= (1 if word in words.nouns else TWICE)


def _is_acronym(word: str, seen: _Seen, words: KnownWords) -> bool:
    """Whether a word in capitals is an acronym ("OPEC"), not a name that a dateline shouts ("GENEVA")."""
    if word in words.acronyms:
        return word in seen.upright or (word not in seen.small and word not in words.stops)
    common = word in words.names or word in words.nouns
    return word in seen.upright and not common and len(word) <= ACRONYM_LETTERS


def _written(word: str, before: str, after: str, seen: _Seen, words: KnownWords) -> str:
    """Returns a word of a headline as running text writes it."""
    small = word.lower()
    single = len(word) == 1 and (small not in {"a", "s"} or after.startswith((".", "-")) or before.endswith("-"))
    if single or len(small) != len(word):
        return word
    if small in _MONTH_OR_VERB:
        return small.capitalize() if _DAY_AFTER.match(after) or _DAY_BEFORE.search(before) else small
    if word.isupper() and len(word) > 1 and _is_acronym(small, seen, words):
        return word
    if small in words.stops or (small == "s" and before.endswith(("'", "’"))):
        return small
    if not _is_name(small, seen, words):
        return small
    lists = (words.names, words.nouns, ALWAYS_NAMES, _ABBREVIATED_FIRMS)
    known = any(small in listed for listed in lists) or seen.capital[small]
    return word if word.isupper() and len(word) < ACRONYM_LETTERS and not known else small.capitalize()


def _in_phrases(found: list[re.Match[str]], words: KnownWords) -> set[int]:
    """Returns which of a line's words are part of a known name of several words."""
    small = [match[0].lower() for match in found]
    inside: set[int] = set()
    for at, first in enumerate(small):
        for phrase in words.phrases.get(first, ()):
            if tuple(small[at : at + len(phrase)]) == phrase:
                inside.update(range(at, at + len(phrase)))
    return inside


def _rewrite(line: str, seen: _Seen, words: KnownWords) -> str:
    found = list(WORD.finditer(line))
    named = _in_phrases(found, words)
    parts, end = [], 0
    for at, match in enumerate(found):
        word, start = match[0], match.start()
        before, after = line[max(0, start - 8) : start], line[match.end() : match.end() + 8]
        if word.isupper() or word[1:].islower():
            in_name = at in named and word.lower() not in words.stops and word.lower() not in words.acronyms
            written = word.capitalize() if in_name else _written(word, before, after, seen, words)
            starts = at == 0 or _SENTENCE_END.search(before) is not None
            written = written[0].upper() + written[1:] if starts and word[0].isupper() else written
            word = written if len(written) == len(word) else word  # some letters become two, such as ß
        parts += [line[end:start], word]
        end = match.end()
    return "".join((*parts, line[end:]))


def _odd(lines: list[Line]) -> list[bool]:
    """Returns for each line whether it is shouted, or a headline with an empty line (or nothing) around it."""
    blank = [True, *(not line.text.strip() for line in lines), True]
    return [
        is_shouted(line.text)
        or (blank[at] and (at == 0 or blank[at + 2]) and is_headline(line))
        for at, line in enumerate(lines)
    ]  # fmt: skip


def truecase(nlp: Language, text: str) -> str:
    """Returns a text with its headlines and shouted lines written as sentences; every character keeps its place.

    Args:
        nlp: The pipeline that will read it; one without a dictionary gets the text back as it is.
        text: An article.
    """
    text = _RELEASE.sub(r". \1. ", text)
    lines = lines_of(text)
    odd = _odd(lines)
    words = known_words(nlp) if any(odd) else None
    if words is None:
        return text
    seen = _seen(line for line, is_odd in zip(lines, odd, strict=True) if not is_odd)
    return "\n".join(
        _rewrite(line.text, seen, words) if is_odd else line.text for line, is_odd in zip(lines, odd, strict=True)
    )
