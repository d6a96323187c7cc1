"""Reads the named pieces of one match of a word pattern."""

import re

from transforms.extract.timex.lexer import Lexed, data

type Fields = dict[str, object]  # of an Expression

MAX_NUMBER_DIGITS = 9  # a longer count of days is no date's business


class Reader:
    """Reads the named pieces of one match."""

    def __init__(self, lexed: Lexed, match: re.Match[str]) -> None:
        self.lexed, self.match = lexed, match

    def words(self, name: str) -> list[str]:
        """Returns the lexemes of a piece, none where it is missing."""
        if name not in self.match.re.groupindex or not self.match[name]:
            return []
        return self.lexed.words(self.match.start(name), self.match.end(name))

    def word(self, name: str) -> str:
        """Returns the only lexeme of a piece, or ""."""
        return " ".join(self.words(name))

    def value(self, name: str, *classes: str) -> int | None:
        """Returns what the piece's word is worth in the first of the classes that knows it, or as digits."""
        word = self.word(name)
        if not word:
            return None
        for known in classes:
            found = data()["values"][known].get(word)
            if found is not None:
                return int(found)
        digits = word.rstrip("stndrh")
        return int(digits) if digits.isdecimal() and len(digits) <= MAX_NUMBER_DIGITS else None

    def before(self, back: int = 1) -> str:
        """Returns the lexeme `back` places before the match, or ""."""
        index = self.match.start() - back
        return self.lexed.word(index) if index >= 0 else ""

    def after(self, ahead: int = 0) -> str:
        """Returns the lexeme `ahead` places behind the match, or ""."""
        index = self.match.end() + ahead
        return self.lexed.word(index) if index < len(self.lexed.starts) else ""


def number(words: list[str]) -> float | None:
    """Returns the number that words say ("ninety", "a dozen", "twenty-five", "2,000"), None if they are vague."""
    cards = data()["values"]["CARD"]
    total, seen = 0.0, False
    for word in words:
        plain = word.replace(",", "")
        if plain.replace(".", "", 1).isdecimal() and len(plain) <= MAX_NUMBER_DIGITS:
            return float(plain)
        if word in ("hundred", "thousand", "dozen"):
            total, seen = max(total, 1) * cards[word], True
        elif word in cards:
            total, seen = total + cards[word], True
    return total if seen else None
