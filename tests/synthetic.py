"""Writes as many different short articles as a test wants: invented news in which real agreements could be."""

import itertools
import json
from pathlib import Path

_COUNTRIES = ["Chad", "Peru", "Kenya", "Nepal", "Ghana", "Fiji", "Oman", "Mali", "Laos", "Cuba", "Togo", "Malta"]
_MATTERS = ["trade", "fishing", "border", "gas transit", "railway", "debt", "extradition", "aviation"]
_MONTHS = ["March", "April", "May", "June", "July", "August", "September", "October"]


def articles(count: int) -> list[dict[str, str]]:
    """Returns `count` articles as JSON records, no two with the same text."""
    pairs = itertools.cycle(itertools.combinations(_COUNTRIES, 2))
    return [_article(number, *next(pairs)) for number in range(count)]


def _article(number: int, one: str, other: str) -> dict[str, str]:
    matter = _MATTERS[number % len(_MATTERS)]
    month = _MONTHS[number % len(_MONTHS)]
    day = number % 27 + 1
    text = (
        f"{one} and {other} sign {matter} agreement\n\n"
        f"{one} and {other} signed a {matter} agreement in Geneva on Monday, officials said in statement {number}.\n\n"
        f"Under the agreement both countries must open {number + 2} offices by {month} {day}.\n\n"
        f"Observers in {other} called the step long overdue. The talks had lasted {number % 9 + 2} weeks."
    )
    return {
        "text": text,
        "url": f"https://wire.example/{number}",
        "source": "Example Wire",
        "published": f"2024-02-{number % 28 + 1:02}",
        "language": "en",
    }


def write_articles(folder: Path, count: int, files: int = 5) -> Path:
    """Writes `count` articles into JSONL files in a folder and returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, file in enumerate(itertools.batched(articles(count), max(1, count // files))):
        lines = (json.dumps(article) + "\n" for article in file)
        (folder / f"wire-{number}.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder
