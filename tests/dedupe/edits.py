"""Edits articles as newsrooms do, so that how far near-copies are recognised can be measured."""

import random
import re
from collections.abc import Callable
from pathlib import Path

INVENTED = Path(__file__).parents[1] / "quality" / "invented"
# Named one by one, so that further articles change nothing here.
_SETS = ("1985-2001", "1987-2018", "1987-2019-common", "1987-2019-rare", "1987-2019-unseen", "2002-2019")

_FILLER = (
    "Residents told of long queues at the bakeries, and of shops that had been shut for days.",
    "Traffic on the ring road was light and the airport worked as usual, an official there said.",
    "Analysts were split over what it would mean for the region and its markets.",
    "The opposition called the step late, and asked for a debate in parliament.",
    "A spokeswoman declined to go into detail, saying that the matter was still being looked at.",
)
_BOILERPLATE = (
    "Sign up for our newsletter to get the stories of the day in your inbox every morning. You can leave at any time. "
    "By going on to use this site you accept our terms and how we handle what you tell us. Follow us on the usual "
    "networks, send us your photos and videos, and tell us what you think of this page."
)
_SPELLINGS = {
    "Kiev": "Kyiv",
    "Turkey": "Türkiye",
    "defense": "defence",
    "organization": "organisation",
    "program": "programme",
    "center": "centre",
    "labor": "labour",
    "percent": "per cent",
    "Colombo": "Kolamba",
    "Prachanda": "Pushpa Kamal Dahal",
    "ceasefire": "cease-fire",
    "Burma": "Myanmar",
    "kilometers": "km",
    "miles": "mi",
}

type Edit = Callable[[str, random.Random], str]


def invented_texts() -> list[str]:
    """Returns the invented articles of some sets, in the order of their names."""
    paths = (path for folder in _SETS for path in sorted((INVENTED / folder).glob("*.txt")))
    return [path.read_text(encoding="utf-8") for path in paths]


def _paragraphs(text: str) -> list[str]:
    return [part for part in text.split("\n") if part.strip()]


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text)


def headline(text: str, chance: random.Random) -> str:
    first, *rest = _paragraphs(text)
    words = first.split()
    chance.shuffle(words)
    return "\n\n".join([f"What we know: {' '.join(words[:6])}", *rest])


def byline(text: str, chance: random.Random) -> str:
    first, *rest = _paragraphs(text)
    return "\n\n".join([first, "By Maria Lindqvist", "Published 12 March 2019, 10:40 GMT", *rest])


def dateline(text: str, chance: random.Random) -> str:
    first, *rest = _paragraphs(text)
    return "\n\n".join([first, "GENEVA, March 12 (Example Wire) - " + rest[0], *rest[1:]])


def cut(share: float) -> Edit:
    """Cuts a share of the words off the end."""

    def edit(text: str, chance: random.Random) -> str:
        words = re.findall(r"\S+\s*", text)
        return "".join(words[: round(len(words) * (1 - share))])

    return edit


def insert(text: str, chance: random.Random) -> str:
    parts = _paragraphs(text)
    for sentence in chance.sample(_FILLER, 3):
        parts.insert(chance.randrange(1, len(parts) + 1), sentence)
    return "\n\n".join(parts)


def reorder(text: str, chance: random.Random) -> str:
    first, *rest = _paragraphs(text)
    chance.shuffle(rest)
    return "\n\n".join([first, *rest])


def change_words(share: float) -> Edit:
    """Changes a share of the words, each to another word of the same text."""

    def edit(text: str, chance: random.Random) -> str:
        words = text.split()
        return re.sub(r"\S+", lambda word: chance.choice(words) if chance.random() < share else word[0], text)

    return edit


def writethru(text: str, chance: random.Random) -> str:
    """An update: a new first paragraph and a paragraph more, the last one gone, the rest as it was."""
    first, *rest = _paragraphs(text)
    top = "(Updates with reaction, adds details) " + " ".join(chance.sample(_FILLER, 2))
    return "\n\n".join([f"UPDATE 2-{first}", top, *rest[:-1], chance.choice(_FILLER)])


def boilerplate(text: str, chance: random.Random) -> str:
    return f"{text}\n\n{_BOILERPLATE}"


def respell(text: str, chance: random.Random) -> str:
    for one, other in _SPELLINGS.items():
        text = text.replace(one, other)
    return text.replace("“", '"').replace("”", '"').replace("’", "'").replace("--", "–")


EDITS: dict[str, Edit] = {
    "headline": headline,
    "byline": byline,
    "dateline": dateline,
    "cut 20%": cut(0.2),
    "cut 40%": cut(0.4),
    "cut 60%": cut(0.6),
    "insert": insert,
    "reorder": reorder,
    "writethru": writethru,
    "boilerplate": boilerplate,
    "respell": respell,
    **{f"words {share}%": change_words(share / 100) for share in (5, 10, 15, 20, 30, 40)},
}
