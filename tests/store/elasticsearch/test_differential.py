"""Generated queries over generated and real documents give the same ids on SQLite and on Elasticsearch."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.store.analysis import split_words
from transforms.store.fields import FIELDS
from transforms.store.open import open_store
from transforms.store.protocol import Collection, Document, FieldType
from transforms.store.query import QueryError, parse_query

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
REAL = [*ROOT.glob("seeds/*.txt"), *ROOT.glob("tests/quality/invented/*/*.txt")]
WORDS = [
    "Weapons",
    "weapon’s",
    "withdrawal",
    "withdrawing",
    "cease-fire",
    "Türkiye",
    "Erdoğan’s",
    "U.S.-led",
    "Łódź",
    "Straße",
    "São-Tomé",
    "1,000",
    "km²",
    "Ælfric",
    "Владимир",
    "Київ",
    "停火",
    "한국",
    "العَرَبِيَّة",
    "talks",
    "talked",
    "agreement",
    "agreed",
    "e-mail",
    "15-20km",
    "ﬁnal",
    "O’Neill",
    "naïve",
    "Zürich",
]
KINDS = ["ceasefire", "Trade", "arms_control", "café", "x" * 300]
DATES = ["2018", "2018-09", "2018-09-17", "2018-09-17T23:30:00-04:00", "2018-10-01 08:00", "soon", "2019-02-30", "1999"]
FIELDS_OF_ARTICLES = FIELDS[Collection.ARTICLES]

# Known differences in which documents are found; see `elasticsearch.analysis` and `elasticsearch.templates`.
TOO_LONG = "y" * 9_000  # Lucene takes no keyword of more than 32,766 bytes: longer values are not found by


def _generated(number, chance):
    def pick(values, most):
        return chance.choices(values, k=chance.randint(0, most))

    return Document(
        id=f"{chance.choice(['made', 'Gemacht-ß', 'é'])}{number}",
        body={
            "title": " ".join(pick(WORDS, 6)),
            "text": [" ".join(pick(WORDS, 30)) for _ in range(chance.randint(0, 3))],
            "actors": pick(WORDS, 4),
            "kinds": pick(KINDS, 2),
            "published": chance.choice([*DATES, None]),
            "source": chance.choice([None, "Reuters", "reuters ", "AL JAZEERA", ""]),
            "url": f"https://example.org/{number % 7}",
        },
    )


def _real(path, chance):
    title, _, text = path.read_text(encoding="utf-8").partition("\n")
    body = {"title": title, "text": text, "kinds": [chance.choice(KINDS)], "published": chance.choice(DATES)}
    return Document(id=f"{path.parent.name}-{path.stem}", body=body)


def _documents():
    chance = random.Random(20180917)
    return [*(_generated(number, chance) for number in range(150)), *(_real(path, chance) for path in REAL)]


DOCUMENTS = _documents()
VOCABULARY = sorted({word for document in DOCUMENTS[150:] for word in split_words(document.body["text"])})


@pytest.fixture(scope="module")
def both(elasticsearch_url):
    stores = [open_store("sqlite:///:memory:"), open_store(elasticsearch_url)]
    for store in stores:
        store.delete(Collection.ARTICLES, [stored.id for stored in store.scan(Collection.ARTICLES)])
        store.create(Collection.ARTICLES, DOCUMENTS)
    yield stores
    for store in stores:
        store.delete(Collection.ARTICLES, [document.id for document in DOCUMENTS])
        store.close()


_texts = st.sampled_from([name for name, field in FIELDS_OF_ARTICLES.items() if field.type is FieldType.TEXT])
_keywords = st.sampled_from(["kinds", "source", "url", "id", "published_how"]).filter(FIELDS_OF_ARTICLES.__contains__)
_dates = st.sampled_from([name for name, field in FIELDS_OF_ARTICLES.items() if field.type is FieldType.DATE])
# By number: hypothesis would print thousands of words otherwise.
_known = st.integers(0, len(VOCABULARY) - 1).map(lambda number: VOCABULARY[number])
_word = st.sampled_from(WORDS) | _known
_phrase = (
    st.integers(0, len(DOCUMENTS) - 1)
    .map(lambda number: DOCUMENTS[number])
    .flatmap(
        lambda document: st.integers(0, 200).map(lambda at: " ".join(_said(document)[at : at + 2 + at % 3]) or "talks")
    )
)
_value = st.sampled_from([*KINDS, "Reuters", "al jazeera", "https://example.org/3", "made7", "gemacht-ss"])
_day = st.sampled_from(["2018", "2018-09", "2018-09-17", "2018-09-18", "2018-10-01", "1999-12-31", "2019"])


def _said(document):
    return split_words(
        " ".join(document.body["text"]) if isinstance(document.body["text"], list) else document.body["text"]
    )


_clauses = st.one_of(
    _word,
    _word.map(lambda word: f'"{word}"'),
    _phrase.map(lambda phrase: f'"{phrase}"'),
    st.tuples(_texts, _word).map(lambda pair: f'{pair[0]}:"{pair[1]}"'),
    st.tuples(_texts, _phrase).map(lambda pair: f'{pair[0]}:"{pair[1]}"'),
    st.tuples(_texts, _word).map(lambda pair: f'{pair[0]}.exact:"{pair[1]}"'),
    st.tuples(_texts, _known, st.integers(1, 5)).map(lambda told: f"{told[0]}:{told[1][: told[2]]}*"),
    st.tuples(_keywords, _value).map(lambda pair: f'{pair[0]}:"{pair[1]}"'),
    st.tuples(_keywords, st.sampled_from(["c", "tr", "re", "http", "made1", "x"])).map(
        lambda pair: f"{pair[0]}:{pair[1]}*"
    ),
    (_texts | _keywords | _dates).map(lambda name: f"{name}:*"),
    st.tuples(_dates, _day).map(lambda pair: f"{pair[0]}:{pair[1]}"),
    st.tuples(_dates, st.sampled_from([">", ">=", "<", "<="]), _day).map(lambda told: "{}:{}{}".format(*told)),
    st.tuples(_dates, _day, _day).map(lambda told: f"{told[0]}:[{min(told[1:])} TO {max(told[1:])}]"),
    st.just("*:*"),
)
_queries = st.recursive(
    _clauses,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: "(" + " AND ".join(parts) + ")"),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: "(" + " OR ".join(parts) + ")"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " ".join(parts) + ")"),
        inner.map(lambda part: f"(NOT {part})"),
    ),
    max_leaves=8,
)


def _is_understood(query):
    try:
        parse_query(Collection.ARTICLES, query)
    except QueryError:
        return False
    return True


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=_queries.filter(_is_understood), descending=st.booleans(), offset=st.integers(0, 3))
def test_query_finds_the_same_in_the_same_order(both, query, descending, offset):
    sort = ["-published" if descending else "taken_in", "title"]
    pages = [store.find(Collection.ARTICLES, query, sort=sort, limit=300, offset=offset) for store in both]
    sqlite, elasticsearch = ((page.total, [stored.id for stored in page.documents]) for page in pages)
    assert elasticsearch == sqlite, query


def test_documents_come_back_the_same(both):
    whole = [[(stored.id, stored.body) for stored in store.scan(Collection.ARTICLES)] for store in both]
    assert whole[0] == whole[1]
    assert len(whole[0]) == len(DOCUMENTS)


def test_known_difference_keywords_beyond_lucenes_bound_are_not_found_by(both):
    document = Document(id="long", body={"kinds": [TOO_LONG, "trade"]})
    for store, found in zip(both, (1, 0), strict=True):
        store.create(Collection.ARTICLES, [document])
        assert store.count(Collection.ARTICLES, {"kinds": TOO_LONG}) == found
        assert store.get(Collection.ARTICLES, ["long"])["long"].body == document.body
        store.delete(Collection.ARTICLES, ["long"])


def test_known_difference_alternations_of_and_and_or_beyond_30_levels_are_refused(both):
    deep = "kinds:trade"
    for _ in range(16):
        deep = f"(title:talks OR (kinds:trade AND {deep}))"
    sqlite, elasticsearch = both
    assert sqlite.find(Collection.ARTICLES, deep).total
    with pytest.raises(QueryError, match="too deep"):
        elasticsearch.find(Collection.ARTICLES, deep)
