"""Turns a text into one symbol a word, and word patterns into regular expressions over those symbols.

Patterns over symbols are short, blind to spelling, spacing and line ends, and run over a string some six times shorter
than the text; each symbol is one character, so that `re` does the matching in one linear pass a pattern.
"""

import functools
import itertools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from transforms.records import record

PATTERNS = Path(__file__).with_name("patterns.yaml")
OTHER = "x"  # any word that no pattern names
FIRST_SYMBOL = 0xE000  # symbols live in the private use area, 6,400 characters wide
FIRST_YEAR, LAST_YEAR = 1800, 2199  # four digits outside are not taken for a year: news does not plan or recall so far
WRAPPED_LINE = 40  # characters; a shorter line before a line break is a headline or caption, not wrapped text

_LEXEME = re.compile(
    r"(?=[\S\n])(?:"  # white space would be tried against every shape
    r"[A-Za-z]{3,}+(?![\w.])"  # most words; no shape below begins so, but the abbreviations that have a point
    r"|\n[^\S\n]*\n\s*|\n[^\S\n]{2,}|\n"
    r"|\d{4}[-/]\d{1,2}[-/]\d{1,2}(?![\d-])|\d{1,2}([-/.])\d{1,2}\1\d{4}(?!\d)"
    r"|\d{4}['’]?s\b|['’]\d0s\b|\d0s\b|\d{1,2}(?:st|nd|rd|th)\b|\d{1,2}:\d{2}(?!\d)|\d{1,3}(?:,\d{3})+(?!\d)|\d+\.\d+|\d+"
    r"|(?<=[\d\s])[AaPp]\.?\s?[Mm]\b\.?"
    r"|\b(?:Jan|Febr?|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Weds?|Thu(?:rs?)?|Fri|Sat|Sun"
    r"|JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT?|OCT|NOV|DEC)\."
    r"|[^\W\d_]+|\S)"
)
_PUNCTUATION = {
    ",": "COMMA", ".": "DOT", "'": "APOS", "’": "APOS", "/": "SLASH", "&": "AMP", "(": "LPAREN", ")": "RPAREN",
    "-": "HYPHEN", "‐": "HYPHEN", "‑": "HYPHEN", "–": "HYPHEN", "—": "HYPHEN", "−": "HYPHEN",
    "%": "PERCENT", "$": "MONEY", "£": "MONEY", "€": "MONEY", "¥": "MONEY", ":": "COLON",
    '"': "QUOTE", "“": "QUOTE", "”": "QUOTE", "[": "LPAREN", "]": "RPAREN",
}  # fmt: skip
_WORD_CLASSES = {
    "PERCENT": ("percent", "pct", "per"),
    "BIG": ("million", "billion", "trillion", "mln", "bln", "m", "bn", "tonnes", "tons", "barrels"),
}
_DIGIT_CLASSES = (
    "DAYINT", "INT2", "INT", "THOUSANDS", "DECIMAL", "YEAR", "HHMM", "NUMDATE", "TIME", "ORDINT", "DECADE", "AMPM",
    "BREAK",
)  # fmt: skip
_CAPITALISED = ("MONTH", "WEEKDAY", "WEEKDAYS")
_ITEM = re.compile(r"<\s*\w+\s*:|NOT\(|\{[\d,]+\}|[>()|?*+]|[A-Z][A-Z0-9]*|[a-z]+")


@functools.cache
def data() -> Mapping[str, Any]:
    """Returns the words and patterns of `patterns.yaml`."""
    with PATTERNS.open(encoding="utf-8") as stream:
        loaded: Mapping[str, Any] = YAML(typ="safe").load(stream)
    return loaded


def word_set(name: str) -> frozenset[str]:
    """Returns one of the word lists of `patterns.yaml`."""
    return frozenset(data()["words"][name])


@record
class Lexed:
    """A text as lexemes: `symbols[i]` stands for `text[starts[i]:ends[i]]`."""

    text: str
    symbols: str
    starts: list[int]
    ends: list[int]

    def word(self, index: int) -> str:
        """Returns a lexeme in lower case, without the point of an abbreviation."""
        lexeme = self.text[self.starts[index] : self.ends[index]].lower()
        return lexeme.rstrip(".") or lexeme

    def words(self, low: int, high: int) -> list[str]:
        """Returns the lexemes from `low` to before `high` in lower case."""
        return [self.word(index) for index in range(low, high)]


@record
class Vocabulary:
    """Which symbol a word has, and which symbols a class stands for."""

    words: Mapping[str, str]
    classes: Mapping[str, str]
    capitalised: frozenset[str]


def _pattern_texts(loaded: Mapping[str, Any]) -> Iterator[str]:
    for section in ("macros", "patterns", "parts", "near_parts", "part_tails", "bounds", "after_bounds"):
        yield from loaded[section].values()
    yield from (loaded["fill"], loaded["now_tails"], loaded["event_leads"])
    yield from loaded["feasts"]


@functools.cache
def vocabulary() -> Vocabulary:
    """Returns the vocabulary of all patterns; built once."""
    loaded = data()
    symbols = map(chr, itertools.count(FIRST_SYMBOL))
    words: dict[str, str] = {}
    classes = {name: next(symbols) for name in (*_DIGIT_CLASSES, *sorted(set(_PUNCTUATION.values())))}
    for name, values in loaded["values"].items():
        for word in values:
            words.setdefault(word, next(symbols))
        classes[name] = "".join(words[word] for word in values)
    for pattern in _pattern_texts(loaded):
        for item in _ITEM.findall(pattern):
            if item.islower():
                words.setdefault(item, next(symbols))
    for name, members in _WORD_CLASSES.items():
        classes[name] = classes.get(name, "") + "".join(words.setdefault(word, next(symbols)) for word in members)
    for name, names in loaded["classes"].items():
        classes[name] = "".join(classes[other] for other in names)
    proper = {word for name in _CAPITALISED for word in loaded["values"][name]} | set(loaded["capital_words"])
    return Vocabulary(words=words, classes=classes, capitalised=frozenset(words[word] for word in proper))


def compile_pattern(pattern: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """Returns the regular expression over symbols that a word pattern means.

    Args:
        pattern: In the language described at the head of `patterns.yaml`.
        before: Regular expression text put before it.
        after: Regular expression text put behind it.

    Raises:
        KeyError: The pattern names an unknown class.
    """
    return re.compile(f"{before}(?:{translate(pattern)}){after}", re.DOTALL)


def translate(pattern: str) -> str:
    """Returns a word pattern as regular expression text over symbols."""
    macros = data()["macros"]
    return "".join(_translate_item(item, macros) for item in items_of(pattern))


def items_of(pattern: str) -> list[str]:
    """Returns the words, classes, brackets and repetitions of a word pattern."""
    return _ITEM.findall(pattern)


def symbols_of(item: str) -> str:
    """Returns the symbols that a word or a class stands for.

    Raises:
        KeyError: There is no such class.
    """
    known = vocabulary()
    return known.classes[item] if item[0].isupper() else known.words[item]


def _translate_item(item: str, macros: Mapping[str, str]) -> str:
    if item.startswith("<"):
        return f"(?P<{item[1:-1].strip()}>"
    if item == ">":
        return ")"
    if item in ("(", "NOT("):
        return "(?:" if item == "(" else "(?!"
    if item == "ANY":
        return f"[^{symbols_of('BREAK')}]"
    if item in macros:
        return f"(?:{translate(macros[item])})"
    if item[0].isupper():
        return f"[{symbols_of(item)}]"
    return symbols_of(item) if item[0].islower() else item


@functools.cache
def _exact_words() -> Mapping[str, str]:
    """The symbols of words in lower case, with a capital, and of punctuation: what most lexemes are."""
    known = vocabulary()
    table = {word: symbol for word, symbol in known.words.items() if symbol not in known.capitalised}
    table |= {word.capitalize(): symbol for word, symbol in known.words.items()}
    table |= {word.upper(): symbol for word, symbol in known.words.items() if len(word) > 1}
    table |= {f"{word}.": symbol for word, symbol in table.items() if symbol in known.capitalised}
    return table | {mark: known.classes[name][0] for mark, name in _PUNCTUATION.items()}


def lex(text: str) -> Lexed:
    """Returns the text as lexemes and their symbols; linear in its length, for any text."""
    spans = _without_wraps(text, [match.span() for match in _LEXEME.finditer(text)])
    symbols = "".join([_symbol(text[start:end]) for start, end in spans])
    return Lexed(text=text, symbols=symbols, starts=[start for start, _ in spans], ends=[end for _, end in spans])


def _without_wraps(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns the lexemes without the line breaks that only wrap text."""
    line_start, wraps = 0, set()
    for start, end in [span for span in spans if text[span[0]] == "\n"]:
        if end - start == 1 and start - line_start >= WRAPPED_LINE:
            wraps.add(start)
        line_start = end
    return [span for span in spans if span[0] not in wraps] if wraps else spans


@functools.lru_cache(maxsize=65_536)  # some ten thousand words make up nearly all of news
def _symbol(lexeme: str) -> str:
    symbol = _exact_words().get(lexeme)
    if symbol is None:
        if lexeme[0] == "\n":
            return vocabulary().classes["BREAK"]
        symbol = _symbol_of_digits(lexeme) if _has_digits(lexeme) else OTHER
    return symbol


def _has_digits(lexeme: str) -> bool:
    return lexeme[0].isdecimal() or lexeme[-1].isdecimal() or (lexeme[0] in "'’aApP" and len(lexeme) > 1)


def _symbol_of_digits(lexeme: str) -> str:
    name = _digit_class(lexeme)
    return vocabulary().classes[name] if name else OTHER


def _digit_class(lexeme: str) -> str | None:
    if lexeme.isdecimal():
        return _whole_number_class(lexeme)
    if lexeme[0] in "aApP":
        return "AMPM" if re.fullmatch(r"[ap]\.?\s?m\.?", lexeme.lower()) else None
    if lexeme.endswith("s"):
        return "DECADE"
    if lexeme[-2:] in ("st", "nd", "rd", "th"):
        return "ORDINT" if 1 <= int(lexeme[:-2]) <= 31 else None
    if ":" in lexeme:
        return "TIME"
    if "," in lexeme:
        return "THOUSANDS"
    return "DECIMAL" if lexeme.count(".") == 1 else "NUMDATE"


def _whole_number_class(lexeme: str) -> str:
    if len(lexeme) <= 2:
        return "DAYINT" if 1 <= int(lexeme) <= 31 else "INT2"
    if len(lexeme) == 4:
        if FIRST_YEAR <= int(lexeme) <= LAST_YEAR:
            return "YEAR"
        if int(lexeme[:2]) <= 24 and int(lexeme[2:]) < 60:
            return "HHMM"
    return "INT"
