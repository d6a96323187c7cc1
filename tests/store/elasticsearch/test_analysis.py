"""The words that Elasticsearch makes are the words of `transforms.store.analysis`, and its stems are FTS5's."""

import itertools
import random
import sqlite3
import sys
import unicodedata
from pathlib import Path

import pytest

from tests.elasticsearch import fresh_prefix
from transforms.store.analysis import keyword, split_words
from transforms.store.elasticsearch.address import parse_address
from transforms.store.elasticsearch.analysis import analysis_settings
from transforms.store.elasticsearch.link import Link

pytestmark = pytest.mark.integration

TEXTS = [*Path(__file__).parents[2].glob("quality/invented/*/*.txt"), Path(__file__).parents[3] / "README.md"]
ENDINGS = [
    "s",
    "es",
    "ied",
    "ing",
    "ational",
    "enci",
    "izer",
    "alli",
    "ousli",
    "ization",
    "iveness",
    "biliti",
    "icate",
    "ical",
    "ful",
    "ance",
    "able",
    "ement",
    "ion",
    "ize",
    "y",
]
LONG = "disarm" * 11 + "ing"

# The only words whose stems differ; (word, FTS5's stem, Elasticsearch's stem).
KNOWN_STEMS = [
    ("ies", "ie", "i"),  # nothing but an ending
    ("eed", "e", "eed"),
    ("sses", "sse", "ss"),
    ("дs", "д", "дs"),  # letters outside of ASCII with an English ending: FTS5 counts bytes
    (LONG, LONG, LONG.removesuffix("ing")),  # longer than 64 bytes
]


@pytest.fixture(scope="module")
def analyse():
    with fresh_prefix("analysis") as url:
        link = Link(parse_address(url), patience_seconds=30)
        index = f"{link.address.prefix}-words"
        settings = {"index": {"analysis": analysis_settings(), "analyze.max_token_count": 100_000}}
        link.client.indices.create(index=index, settings=settings)

        def tokens(text, **how):
            return [token["token"] for token in link.client.indices.analyze(index=index, text=text, **how)["tokens"]]

        yield tokens
        link.close()


def _fts5_stems(words):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='porter ascii')")
    connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(texts, 'instance')")
    connection.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", enumerate(words))
    found = dict(connection.execute("SELECT doc, term FROM terms"))
    connection.close()
    return [found[number] for number in range(len(words))]


def _vocabulary():
    chance = random.Random(7)
    told = {word for path in TEXTS for word in split_words(path.read_text(encoding="utf-8"))}
    letters = "abcdefghijklmnopqrstuvwxyz"
    made = {
        "".join(chance.choices(letters, k=chance.randint(2, 6))) + "".join(chance.choices(ENDINGS, k=2))
        for _ in range(5_000)
    }
    return sorted(told | made)


def test_every_character_is_folded_and_split_alike(analyse):
    assigned = [
        chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")
    ]
    for part in itertools.batched(assigned, 10_000):
        text = " ; ".join(f"x{character}y" for character in part)
        assert analyse(text, analyzer="exact") == split_words(text)


def test_stems_are_fts5s(analyse):
    words = _vocabulary()
    for part in itertools.batched(words, 5_000):
        assert analyse(list(part), analyzer="stems") == _fts5_stems(part)


@pytest.mark.parametrize(("word", "sqlite_stem", "elasticsearch_stem"), KNOWN_STEMS)
def test_known_differences_are_these(analyse, word, sqlite_stem, elasticsearch_stem):
    assert _fts5_stems([word]) == [sqlite_stem]
    assert analyse(word, analyzer="stems") == [elasticsearch_stem]


@pytest.mark.parametrize("value", ["São-Tomé 2", "country:TR", "https://example.org/Ä?q=ß", "ΣΟΦΟΣ", "İstanbul", "Ⓐ"])
def test_whole_values_are_folded_alike(analyse, value):
    assert analyse(value, normalizer="folded") == [keyword(value)]
