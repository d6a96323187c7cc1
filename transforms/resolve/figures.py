"""Finds the figures by which the news tells an agreement: its sum, its per cent, how many are bound by it."""

import re
from collections.abc import Iterable

_SCALES = {
    "thousand": 3,
    "million": 6,
    "m": 6,
    "mn": 6,
    "mln": 6,
    "billion": 9,
    "bn": 9,
    "b": 9,
    "bln": 9,
    "trillion": 12,
}
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_FIGURE = re.compile(
    rf"(?<![\w.,:/-])(?P<money>[$€£¥]|US\$|Rs\.? ?)?(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)"
    rf"(?:[ -]?(?P<scale>thousand|million|billion|trillion|mln|bln|mn|bn|[mb])\b|(?P<percent> ?(?:%|per ?cent\b)))?"
    rf"(?![\w:/]|[.,]\d)(?P<day>\.? (?:{_MONTHS})\b)?",
    re.IGNORECASE,
)
_DAY_BEFORE = re.compile(rf"\b(?:{_MONTHS})\.? $", re.IGNORECASE)
# Smaller ones are days, hours and counts of all kinds; four digits without a comma are years.
_LEAST = 13


def figures_in(sentences: Iterable[str]) -> tuple[str, ...]:
    """Returns the telling figures of some sentences, in one form ("4e9" for "$4 billion"), each once, sorted."""
    return tuple(
        sorted({figure for text in sentences for found in _FIGURE.finditer(text) if (figure := _figure(text, found))})
    )


def _figure(text: str, found: re.Match[str]) -> str | None:
    number = float(found["number"].replace(",", ""))
    if found["percent"]:
        return f"{number:g}%"
    if found["scale"]:
        return f"{number * 10 ** _SCALES[found['scale'].lower()]:g}"
    if found["day"] or _DAY_BEFORE.search(text[max(found.start() - 12, 0) : found.start()]):
        return None
    if not found["money"] and (number < _LEAST or ("," not in found["number"] and 1900 <= number < 2100)):
        return None
    return f"{number:g}"
