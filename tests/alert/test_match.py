import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.alert.match import Matcher
from transforms.store.open import open_store
from transforms.store.protocol import Collection, Document
from transforms.store.query import parse_query

WORDS = ["truce", "truces", "agreed", "agreeing", "heavy", "weapon", "weapons", "élan", "Straße", "north", "Kabul"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
LEAVES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS).map(lambda word: f"text:{word}"),
    st.sampled_from(WORDS).map(lambda word: f"text.exact:{word}"),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(lambda words: f'title:"{" ".join(words)}"'),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=2).map(lambda words: f'actors:"{" ".join(words)}"'),
    st.sampled_from(["source:A", "source:B", "source:a*", "agr*", "title:tru*", "language:*", "title:*", "*:*"]),
    st.sampled_from(["published:2024", "published:[2023-06-01 TO *]", "published:[* TO 2024-04-30]", "published:*"]),
)
QUERIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} AND {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})"),
        inner.map(lambda one: f"(NOT {one})"),
    ),
    max_leaves=6,
)
BODIES = st.fixed_dictionaries(
    {
        "title": TEXTS,
        "text": TEXTS,
        "source": st.sampled_from(["A", "AB", "B", None]),
        "actors": st.lists(TEXTS, max_size=3),
        "language": st.sampled_from(["en", None]),
        "published": st.sampled_from(["2024-05-01", "2023", None]),
    }
)


@settings(max_examples=100, deadline=None)
@given(bodies=st.lists(BODIES, min_size=1, max_size=4), queries=st.lists(QUERIES, min_size=1, max_size=4))
def test_rules_match_in_the_stream_what_their_query_finds_in_the_store(bodies, queries) -> None:
    documents = [Document(id=f"a{number}", body=body) for number, body in enumerate(bodies)]
    trees = {f"{number} {query}": parse_query(Collection.ARTICLES, query) for number, query in enumerate(queries)}
    store = open_store("sqlite:///:memory:")
    store.create(Collection.ARTICLES, documents)
    expected = {
        name: ids
        for name in trees
        if (ids := [one.id for one in store.find(Collection.ARTICLES, name.split(" ", 1)[1]).documents])
    }
    store.close()
    assert Matcher(Collection.ARTICLES, trees).match(documents) == expected


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("weapon", "Heavy WEAPONS left.", True),
        ("text.exact:weapon", "Heavy weapons left.", False),
        ('"heavy weapons"', "heavy lifting of weapons", False),
        ("NOT truce", "Nothing of the kind.", True),
        ("cease-fire", "a cease fire", True),
    ],
)
def test_words_phrases_and_stems(query: str, text: str, found: bool) -> None:
    matcher = Matcher(Collection.ARTICLES, {"rule": parse_query(Collection.ARTICLES, query)})
    matches = matcher.match([Document(id="a", body={"text": text})])
    assert matches == ({"rule": ["a"]} if found else {})


def test_no_documents_and_no_rules_match_nothing() -> None:
    assert Matcher(Collection.ARTICLES, {}).match([Document(id="a", body={"text": "truce"})]) == {}
    assert Matcher(Collection.ARTICLES, {"a": parse_query(Collection.ARTICLES, "*:*")}).match([]) == {}
