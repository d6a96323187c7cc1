import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.store.protocol import Collection
from transforms.store.query import (
    MAX_CHARACTERS,
    MAX_CLAUSES,
    MAX_DEPTH,
    All,
    And,
    Equals,
    Exists,
    Not,
    Or,
    Prefix,
    QueryError,
    Range,
    Words,
    parse_query,
)

DEFAULT = ("title", "text", "actors")
HEAVY = Words(fields=DEFAULT, words=("heavy",))
WEAPONS = Words(fields=DEFAULT, words=("weapons",))
TRADE = Equals(field="kinds", value="trade")
PEACE = Equals(field="kinds", value="peace")


def _text(*words, exact=False):
    return Words(fields=("text",), words=words, exact=exact)


def _published(first, last):
    return Range(field="published", first=first, last=last)


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("heavy", HEAVY),
        ("heavy weapons", And(operands=(HEAVY, WEAPONS))),
        ("heavy AND weapons", And(operands=(HEAVY, WEAPONS))),
        ("+heavy +weapons", And(operands=(HEAVY, WEAPONS))),
        ("heavy -weapons", And(operands=(HEAVY, Not(operand=WEAPONS)))),
        ("NOT heavy", Not(operand=HEAVY)),
        ("heavy OR weapons", Or(operands=(HEAVY, WEAPONS))),
        ("heavy OR (weapons OR kinds:trade)", Or(operands=(HEAVY, WEAPONS, TRADE))),
        ("kinds:trade OR kinds:peace AND heavy", Or(operands=(TRADE, And(operands=(PEACE, HEAVY))))),
        ("kinds:trade kinds:peace OR heavy", And(operands=(TRADE, Or(operands=(PEACE, HEAVY))))),
        ("kinds:(trade OR peace)", Or(operands=(TRADE, PEACE))),
        ("kinds:(trade -peace)", And(operands=(TRADE, Not(operand=PEACE)))),
        ('"Heavy WEAPONS"', Words(fields=DEFAULT, words=("heavy", "weapons"))),
        ('text:"heavy weapons"', _text("heavy", "weapons")),
        ("text:cease-fire", _text("cease", "fire")),
        ("text:Türkiye", _text("turkiye")),
        ("text:Turkey's", _text("turkey", "s")),
        ("text.exact:weapons", _text("weapons", exact=True)),
        ("text:weap*", Prefix(fields=("text",), prefix="weap")),
        ("Weap*", Prefix(fields=DEFAULT, prefix="weap")),
        (r"text:5\*", _text("5")),
        ("kinds:Trade", TRADE),
        ('kinds:"trade"', TRADE),
        ("kinds:tr*", Prefix(fields=("kinds",), prefix="tr")),
        ('url:"https://example.org/?q=*"', Equals(field="url", value="https://example.org/?q=*")),
        (r"url:https\://example.org/\?a", Equals(field="url", value="https://example.org/?a")),
        ("published:2018", _published("2018-01-01", "2018-12-31")),
        ("published:2018-02", _published("2018-02-01", "2018-02-28")),
        ('published:"2018-10-10"', _published("2018-10-10", "2018-10-10")),
        ("published:[2018-10-01 TO 2018-10-31]", _published("2018-10-01", "2018-10-31")),
        ("published:[2018-10 TO 2018]", _published("2018-10-01", "2018-12-31")),
        ("published:{2018-10 TO 2019}", _published("2018-11-01", "2018-12-31")),
        ("published:[2018-10-01 TO 2018-10-31}", _published("2018-10-01", "2018-10-30")),
        ("published:[* TO 2018]", _published(None, "2018-12-31")),
        ("published:{2018 TO *}", _published("2019-01-01", None)),
        ("published:>=2018-09-01", _published("2018-09-01", None)),
        ("published:>2018-09", _published("2018-10-01", None)),
        ("published:<=2018", _published(None, "2018-12-31")),
        ("published:<2018", _published(None, "2017-12-31")),
        ("published:*", Exists(field="published")),
        ("text.exact:*", Exists(field="text")),
        ("*:*", All()),
        ("*", All()),
    ],
)
def test_query_means_what_it_says(query, node):
    assert parse_query(Collection.ARTICLES, query) == node


@pytest.mark.parametrize(
    ("query", "message", "position"),
    [
        ("text:(", "ends too early", 6),
        ("heavy AND", "ends too early", 9),
        ("heavy AND )", "unexpected ')'", 10),
        ('text:"heavy', "quotation mark is not closed", 5),
        ("published:[2018 2019]", "unexpected '2019]'", 16),
        ("it 'is'", "quotation marks around", 3),
        ("", "empty", 0),
        ("  ", "empty", 0),
        ("text:a AND actor:b", "articles have no field 'actor': did you mean 'actors'?", 11),
        ("Titel:b", "did you mean 'title'?", 0),
        ("qqqq:b", "its fields are id,", 0),
        ("kinds.exact:b", "did you mean 'kinds'?", 0),
        ("text:(a title:b)", "stands inside field 'text'", 8),
        ("*:b", "'*:*'", 0),
        ("a we?pon", "wildcard", 4),
        ("*weapon", "wildcard", 0),
        ("text:w*n", "wildcard", 6),
        ("cease-fi*", "more than one word", 0),
        ('"heavy weap*"', "inside quotation marks", 0),
        ("a weapn~", "fuzzy", 2),
        ('"heavy weapons"~3', "proximity", 0),
        ("a weapon^2", "boosting", 2),
        ("a /we.*/", "regular expressions", 2),
        ("a & b", "holds no letter or digit", 2),
        ("a && b", "write AND", 2),
        ("a || b", "write OR", 2),
        ("a !b", "write NOT", 2),
        ("+a OR b", "'+' has no meaning", 0),
        ("published:soon", "'soon' is no date", 10),
        ("published:2018-02-30", "is no date", 10),
        ("published:2018-10-10T12:00", "is no date", 10),
        ("published:201*", "is no date", 10),
        ("published:[2019 TO 2018]", "holds no day", 10),
        ("published:{2018-10 TO 2018-11}", "holds no day", 10),
        ("published:{9999 TO *]", "no day beyond", 11),
        ("published:[-5 TO 2018]", "two dates", 11),
        ("title:[a TO b]", "needs a date field in front (published, date, taken_in)", 6),
        ("[2018 TO 2019]", "needs a date field", 0),
        ('kinds:""', "empty value", 6),
    ],
)
def test_bad_query_is_refused_at_its_place(query, message, position):
    with pytest.raises(QueryError) as caught:
        parse_query(Collection.ARTICLES, query)
    assert message in caught.value.message
    assert "\n" not in str(caught.value)
    assert caught.value.position == position
    assert f"character {position + 1}" in str(caught.value)


@pytest.mark.parametrize(
    "query",
    [
        "(" * 10_000 + "a" + ")" * 10_000,
        "(" * 4_900 + "a" + ")" * 4_900,
        "NOT " * 2_400 + "a",
        "-" * 9_000 + "a",
        "text:" * 1_900 + "a",
        "a OR (b AND " * 800 + "c" + ")" * 800,
        " ".join(["a"] * (MAX_CLAUSES + 1)),
        "a " * MAX_CHARACTERS,
        "(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1),
    ],
)
def test_too_long_or_too_deep_query_is_refused_soon(query):
    begun = time.monotonic()
    with pytest.raises(QueryError):
        parse_query(Collection.ARTICLES, query)
    assert time.monotonic() - begun < 5


def test_collection_without_texts_is_searched_whole_only():
    assert parse_query(Collection.REGISTRY, "*:*") == All()
    with pytest.raises(QueryError, match="registry have no text to search"):
        parse_query(Collection.REGISTRY, "word")
    with pytest.raises(QueryError, match="its fields are none"):
        parse_query(Collection.REGISTRY, "id:x")


@given(st.text(alphabet=st.characters() | st.sampled_from('abc:()[]{}"*?~^/\\+-!&|<>= TO AND OR NOT'), max_size=60))
def test_any_text_is_a_query_or_refused_at_a_place_in_it(text):
    assert all(0 <= error.position <= len(text) and "\n" not in error.message for error in _errors(text))


def _errors(text):
    try:
        parse_query(Collection.ARTICLES, text)
    except QueryError as error:
        return [error]
    return []
