import pytest

from transforms.extract.timex.lexer import compile_pattern, data, lex, symbols_of
from transforms.extract.timex.needs import needs_of

TEXTS = [
    "By the end of 2018, within 72 hours of Monday, October 1 to 12 January 2019, at noon GMT.",
    "A three-month truce, twice a week, for the next five years; half a year later; in the 1990s.",
    "Every Friday until Christmas Eve, the fourth quarter of the year, 30-year-old men, at 12:00 (Damascus time).",
    "Nothing happened to anyone in any place, and nobody said why.",
]


def _set(*items):
    return frozenset("".join(symbols_of(item) for item in items))


@pytest.mark.parametrize(
    ("pattern", "first", "without"),
    [
        ("MONTH YEAR", _set("MONTH"), (_set("MONTH"), _set("YEAR"))),
        ("the? MONTH", _set("the", "MONTH"), (_set("MONTH"),)),
        ("( the | of )", _set("the", "of"), (_set("the", "of"),)),
        ("( the )? ( of | MONTH YEAR )", _set("the", "of", "MONTH"), (_set("of", "YEAR"),)),
        ("NOT( of ) the{1,2}", _set("the"), (_set("the"),)),
        ("<month: MONTH> of{0,4}", _set("MONTH"), (_set("MONTH"),)),
    ],
)
def test_needs_are_what_every_match_has(pattern, first, without):
    assert needs_of(pattern).first == first
    assert needs_of(pattern).without == without


def test_a_pattern_that_may_begin_with_anything_says_so():
    assert needs_of("ANY the").first is None


@pytest.mark.parametrize("text", TEXTS)
def test_no_match_is_passed_over(text):
    symbols = lex(text).symbols
    for pattern in data()["patterns"].values():
        needs = needs_of(pattern)
        for match in compile_pattern(pattern).finditer(symbols):
            assert needs.first is None or match[0][0] in needs.first
            assert all(not group.isdisjoint(match[0]) for group in needs.without)
