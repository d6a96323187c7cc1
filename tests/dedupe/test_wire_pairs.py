"""Pairs as the wires bring them: updates, corrections and cut-downs are copies, reports of one template are not."""

import itertools
import random

import pytest

from tests.dedupe.edits import EDITS, invented_texts
from tests.dedupe.templates import TEMPLATES
from transforms.dedupe.bands import BANDS, ROWS
from transforms.dedupe.fingerprint import ROW_BYTES, fingerprint
from transforms.dedupe.likeness import Likeness, likeness, overlap

EACH = 14  # reports of a template: 91 pairs

_LEADS = (
    "Officials were meeting late into the night, and few of those waiting outside expected what was then read to them.",
    "It took one phone call on Tuesday morning to end what months of letters between the two offices had not.",
    "There was no band, no flag and no handshake when the papers were put on the table in the small hall.",
)


def _led_otherwise(text, chance):
    """Another outlet's own headline and first paragraph over the agency's text."""
    _, *rest = [part for part in text.split("\n") if part.strip()]
    return "\n\n".join(["Behind the scenes", " ".join(chance.sample(_LEADS, 2)), *rest])


def _corrected(text, chance):
    """A correction: a note on top, and one word in forty otherwise."""
    words = [word if chance.random() > 0.025 else chance.choice(text.split()) for word in text.split(" ")]
    return "(Corrects figure in paragraph 3)\n\n" + " ".join(words)


def _in_turn(*names):
    def edit(text, chance):
        for name in names:
            text = EDITS[name](text, chance)
        return text

    return edit


REWRITES = {
    "led otherwise": _led_otherwise,
    "corrected": _corrected,
    "cut down by a local paper": _in_turn("headline", "byline", "cut 20%", "boilerplate"),
    "update with a new spelling": _in_turn("writethru", "respell"),
    "shuffled by a portal": _in_turn("reorder", "insert", "headline"),
    "dateline and light edits": _in_turn("dateline", "words 5%"),
    "trimmed from the end with edits": _in_turn("cut 20%", "words 5%"),
}


def _share_a_band(one, other):
    width = ROWS * ROW_BYTES
    starts = range(0, BANDS * width, width)
    return any(one.signature[start : start + width] == other.signature[start : start + width] for start in starts)


@pytest.fixture(scope="module")
def originals():
    return [(text, fingerprint(text)) for text in invented_texts()]


@pytest.mark.parametrize("name", REWRITES)
def test_rewrites_that_share_half_their_shingles_are_copies(originals, name):
    chance = random.Random(name)
    pairs = [(one, fingerprint(REWRITES[name](text, chance))) for text, one in originals]
    near = [pair for pair in pairs if overlap(*pair) >= 0.5]
    found = [_share_a_band(*pair) and likeness(*pair) is Likeness.COPY for pair in near]
    assert len(near) >= 0.5 * len(pairs)
    assert sum(found) >= 0.95 * len(found)


@pytest.mark.parametrize("name", TEMPLATES)
def test_reports_of_one_template_are_not_copies(name):
    chance = random.Random(name)
    reports = [fingerprint(text) for text in {TEMPLATES[name](chance) for _ in range(EACH)}]
    pairs = list(itertools.combinations(reports, 2))
    assert sum(likeness(*pair) is Likeness.COPY for pair in pairs) == 0
