import datetime

import pytest

from pipeline.page.days import date_in_words, gap_in_words, reached_in_words
from transforms.records import Precision

DAY = datetime.date.fromisoformat


@pytest.mark.parametrize(
    ("last", "precision", "words"),
    [
        ("2018-10-01", Precision.DAY, "1 October 2018"),
        ("2018-10-07", Precision.WEEK, "the week to 7 October 2018"),
        ("2018-10-31", Precision.MONTH, "October 2018"),
        ("2018-12-31", Precision.QUARTER, "quarter 4 of 2018"),
        ("2019-02-28", Precision.SEASON, "winter 2018/19"),
        ("2000-02-29", Precision.SEASON, "winter 1999/00"),
        ("2019-05-31", Precision.SEASON, "spring 2019"),
        ("2018-12-31", Precision.YEAR, "2018"),
    ],
)
def test_dates_are_told_as_exactly_as_they_are_known(last, precision, words):
    assert date_in_words(DAY(last), precision) == words


@pytest.mark.parametrize(
    ("reached", "words"), [("2018", "2018"), ("2018-09", "September 2018"), ("2018-09-17", "17 September 2018")]
)
def test_what_was_reached_may_be_known_to_the_month_or_year_only(reached, words):
    assert reached_in_words(reached) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2018-09-17", "the day of publication"),
        ("2018-09-18", "1 day after publication"),
        ("2018-09-07", "10 days before publication"),
        ("2018-11-16", "60 days after publication"),
        ("2018-12-31", "about 3 months after publication"),
        ("2035-09-15", "about 17 years after publication"),
    ],
)
def test_gaps_are_told_in_days_then_months_then_years(day, words):
    assert gap_in_words(DAY(day), DAY("2018-09-17")) == words
