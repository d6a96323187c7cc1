import itertools
import random

import pytest

from tests.dedupe.edits import EDITS, invented_texts
from tests.synthetic import articles
from transforms.dedupe.bands import BANDS, ROWS
from transforms.dedupe.fingerprint import ROW_BYTES, fingerprint
from transforms.dedupe.likeness import Likeness, likeness

WIDTH = ROWS * ROW_BYTES

# What the comment at the thresholds says, less what chance may take of 92 articles.
RECALL = dict.fromkeys(EDITS, 0.97) | {
    "cut 60%": 0.8,
    "words 10%": 0.93,
    "words 15%": 0.35,
    "words 20%": 0.0,
    "words 30%": 0.0,
    "words 40%": 0.0,
}


@pytest.fixture(scope="module")
def texts():
    return invented_texts()


@pytest.fixture(scope="module")
def fingerprints(texts):
    return [fingerprint(text) for text in texts]


def _share_a_band(one, other):
    return any(
        one.signature[start : start + WIDTH] == other.signature[start : start + WIDTH]
        for start in range(0, BANDS * WIDTH, WIDTH)
    )


@pytest.mark.parametrize("name", EDITS)
def test_edited_copies_are_recognised(texts, fingerprints, name):
    chance = random.Random(name)
    edited = [fingerprint(EDITS[name](text, chance)) for text in texts]
    found = [
        _share_a_band(one, other) and likeness(one, other) is Likeness.COPY
        for one, other in zip(fingerprints, edited, strict=True)
    ]
    assert sum(found) / len(found) >= RECALL[name]


def _among_other_headlines(text, names, chance):
    """A page that prints an article, and below it the headlines of others."""
    lines = (" told ".join(chance.choices(names, k=5)) for _ in range(6))
    return "\n\n".join([text, "Trending now", *lines])


def test_copies_among_other_headlines_are_recognised(texts):
    chance = random.Random("headlines")
    names = [word for word in " ".join(texts).split() if word.isalpha() and word[0].isupper()]
    pairs = [[fingerprint(_among_other_headlines(text, names, chance)) for _ in range(2)] for text in texts]
    assert sum(likeness(*pair) is Likeness.COPY for pair in pairs) >= 0.97 * len(pairs)


def test_different_articles_are_not_alike(fingerprints):
    assert all(likeness(*pair) is Likeness.NONE for pair in itertools.combinations(fingerprints, 2))


def test_reports_made_by_one_template_are_not_copies():
    reports = [fingerprint(article["text"]) for article in articles(60)]
    assert all(likeness(*pair) is not Likeness.COPY for pair in itertools.combinations(reports, 2))


def test_likeness_is_the_same_either_way_round(texts, fingerprints):
    chance = random.Random(1)
    for text, one in zip(texts[:10], fingerprints[:10], strict=True):
        other = fingerprint(EDITS["words 15%"](text, chance))
        assert likeness(one, other) is likeness(other, one)
