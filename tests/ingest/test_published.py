"""Publication dates are brought into one form, and inferred only where an article prints its own."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from transforms.ingest.published import infer_published, parse_published

NOW = datetime.datetime(2024, 1, 1, 12, tzinfo=datetime.UTC)
INFERRED = YAML(typ="safe").load((Path(__file__).parents[1] / "data" / "ingest" / "inferred.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2018-09-17", "2018-09-17"),
        ("20180917", "2018-09-17"),
        ("2018-09-17T18:05:00+03:00", "2018-09-17T18:05:00+03:00"),
        ("2018-09-17T18:05:00.123Z", "2018-09-17T18:05:00+00:00"),
        ("2018-09-17 18:05:00 +0300", "2018-09-17T18:05:00+03:00"),
        ("2018-09-17 18:05", "2018-09-17"),
        ("Mon, 17 Sep 2018 18:05:00 +0300", "2018-09-17T18:05:00+03:00"),
        ("Mon, 17 Sep 2018 18:05:00 -0000", "2018-09-17"),
        ("17 September 2018", "2018-09-17"),
        ("Monday, 17th September, 2018", "2018-09-17"),
        ("Sept. 17, 2018", "2018-09-17"),
        ("September 17, 2018 at 5:00 pm ET", "2018-09-17"),
        ("17-Sep-2018", "2018-09-17"),
        ("1815-06-22", "1815-06-22"),
        ("2024-01-03", "2024-01-03"),
    ],
)
def test_parse_published_brings_a_written_date_into_one_form(written, expected):
    assert parse_published(written, now=NOW) == expected


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "2018", "2018-09", "2018-13-01", "31 February 2018", "09/10/2018", "1750-01-01", "2024-01-04"],
)
def test_parse_published_refuses_what_is_no_plausible_date(written):
    assert parse_published(written, now=NOW) is None


@given(st.text(max_size=60))
def test_parse_published_never_raises_and_is_stable(written):
    once = parse_published(written, now=NOW)
    assert once is None or parse_published(once, now=NOW) == once


@given(st.datetimes(datetime.datetime(1800, 1, 2), datetime.datetime(2023, 12, 31), timezones=st.timezones()))
def test_parse_published_keeps_the_day_as_written(moment):
    assert parse_published(moment.isoformat(), now=NOW)[:10] == moment.isoformat()[:10]


@pytest.mark.parametrize("case", INFERRED, ids=lambda case: case["text"][:40])
def test_infer_published_takes_only_the_date_an_article_prints_of_itself(case):
    found = infer_published(case["text"])
    assert (found.isoformat() if found else None) == case["date"]
