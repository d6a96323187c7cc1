r"""How text becomes words, the same for every store: split, lower case, fold accents.

Each character is looked at alone, so that Elasticsearch can do the same with a mapping character filter made from
`fold_character` and a pattern tokenizer on `[^\p{L}\p{N}\p{M}]+`. Porter stems are left to the store.
"""

import re
import unicodedata
from collections.abc import Iterable

# Raised with every change of how words are made; stores then make their indexes anew.
ANALYSIS_VERSION = 1

# Elasticsearch's `standard` tokenizer splits at 255 too; Lucene refuses terms over 32,766 bytes.
MAX_WORD_CHARACTERS = 255

# Stands between two values of one field so that no phrase runs from one into the next: a private-use character is in
# no word that `split_words` makes, so nothing a user types can match it.
VALUE_BREAK = "\ue000"

# Latin letters that Unicode does not decompose, folded as Lucene's ASCIIFoldingFilter (Elasticsearch's `asciifolding`)
# folds them, and the Greek final sigma, which is the same letter at a word's end.
_LETTERS = {
    **dict.fromkeys("ßẞ", "ss"),
    **dict.fromkeys("æÆ", "ae"),
    **dict.fromkeys("œŒ", "oe"),
    **dict.fromkeys("øØɵƟ", "o"),
    **dict.fromkeys("đĐðÐɖƉɗƊ", "d"),
    **dict.fromkeys("þÞ", "th"),
    **dict.fromkeys("łŁƚȽ", "l"),
    **dict.fromkeys("ħĦ", "h"),
    **dict.fromkeys("ŧŦƭƬ", "t"),
    **dict.fromkeys("ŋŊɲƝ", "n"),
    **dict.fromkeys("ıɨƗ", "i"),
    **dict.fromkeys("əƏ", "a"),
    **dict.fromkeys("ɛƐ", "e"),
    **dict.fromkeys("ɓƁƀɃ", "b"),
    **dict.fromkeys("ƙƘ", "k"),
    **dict.fromkeys("ƴƳ", "y"),
    **dict.fromkeys("ƶƵ", "z"),
    **dict.fromkeys("ĸ", "q"),
    **dict.fromkeys("ſ", "s"),
    **dict.fromkeys("ς", "σ"),
}

_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_ASCII = bytes(range(128))
# Above so many different characters outside of ASCII a text is in another script, and folded run by run.
_FEW = 20
_ASCII_SPLIT = {code: " " for code in range(128) if not chr(code).isalnum()}
_LINE_SPLIT = {code: " " for code in _ASCII_SPLIT if chr(code) != "\n"}

# The combining marks of Latin, Greek and Cyrillic writing; the marks of other scripts (Arabic, Hebrew, Devanagari,
# Thai, ...) are part of their words and stay.
_FOLDED_MARKS = (range(0x0300, 0x0370), range(0x0483, 0x0488), range(0x1AB0, 0x1B00), range(0x1DC0, 0x1E00))


def fold_character(character: str) -> str:
    """Returns one letter, digit or mark in lower case without accents: "É" as "e", "ß" as "ss", an accent as ""."""
    plain = _plain(unicodedata.normalize("NFKD", character))
    if plain.isascii() and plain.replace(" ", "").isalnum():  # ﬁ, ², full-width letters
        return plain.replace(" ", "").lower()
    decomposed = unicodedata.normalize("NFD", character)
    base = _plain(decomposed)
    return (character if base == decomposed else base).lower()


def fold(text: str) -> str:
    """Returns text in lower case and without accents, all else (spaces, punctuation) as it is."""
    return _NOT_ASCII.sub(lambda run: run[0].translate(_FOLD), text).lower()


def split_words(text: str) -> list[str]:
    """Returns the words of a text, folded, in order; a word is a run of letters, digits and marks."""
    words = _to_split(text).translate(_ASCII_SPLIT).split()
    if max(map(len, words), default=0) <= MAX_WORD_CHARACTERS:
        return words
    return [word[:MAX_WORD_CHARACTERS] for word in words]


def split_lines(text: str) -> list[list[str]]:
    """Returns the words of each line of a text as `split_words` does, but however long."""
    return [line.split() for line in _to_split(text).translate(_LINE_SPLIT).split("\n")]


def _to_split(text: str) -> str:
    # In two steps because `translate` is 30 times faster on a text that is ASCII, as most news is once folded; the few
    # quotation marks and accents of English news are replaced one after the other, five times faster than by a pattern.
    others = set(text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass"))
    if len(others) > _FEW or not all(_SPLIT[ord(character)].isascii() for character in others):
        return _NOT_ASCII.sub(lambda run: run[0].translate(_SPLIT), text).lower()
    for character in others:
        text = text.replace(character, _SPLIT[ord(character)])
    return text.lower()


def analyse(values: Iterable[str]) -> str:
    """Returns the words of a field's values with one space between them, ready for an index that splits at spaces.

    Args:
        values: The field's values; a `VALUE_BREAK` stands between the words of one and the next.
    """
    return " ".join(analysed_words(values))


def analysed_words(values: Iterable[str]) -> list[str]:
    """Returns the words of `analyse`, each `VALUE_BREAK` among them."""
    words: list[str] = []
    for value in values:
        found = split_words(value)
        if words and found:
            words.append(VALUE_BREAK)
        words += found
    return words


def keyword(value: str) -> str:
    """Returns a whole value as it is compared: folded, without space around it, lone surrogates replaced."""
    return fold(value).strip().encode("utf-8", "replace").decode()


def _plain(decomposed: str) -> str:
    return "".join(_LETTERS.get(c, c) for c in decomposed if not any(ord(c) in marks for marks in _FOLDED_MARKS))


class _Table(dict[int, str]):
    """A table for `str.translate` that folds what is in words, and fills itself as characters are met.

    Args:
        outside: What takes the place of a character that is in no word; None for the character itself.
    """

    def __init__(self, *, outside: str | None) -> None:
        super().__init__()
        self._outside = outside

    def __missing__(self, code: int) -> str:
        character = chr(code)
        in_word = unicodedata.category(character)[0] in "LNM"
        outside = character if self._outside is None else self._outside
        self[code] = fold_character(character) if in_word else outside
        return self[code]


_FOLD = _Table(outside=None)
_SPLIT = _Table(outside=" ")
