import pytest

from transforms.store.dates import day_after, day_before, day_interval


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("2018", ("2018-01-01", "2018-12-31")),
        ("2018-02", ("2018-02-01", "2018-02-28")),
        ("2020-02", ("2020-02-01", "2020-02-29")),
        ("2018-10-10", ("2018-10-10", "2018-10-10")),
        (" 2018-10-10 ", ("2018-10-10", "2018-10-10")),
        ("2018-10-10T23:30:00-04:00", ("2018-10-10", "2018-10-10")),
        ("2018-10-10 23:30", ("2018-10-10", "2018-10-10")),
        ("2018-13", None),
        ("2018-02-30", None),
        ("0000", None),
        ("2018-1-5", None),
        ("٢٠١٨", None),
        ("soon", None),
        ("", None),
    ],
)
def test_date_means_the_days_it_may_fall_on(text, interval):
    assert day_interval(text) == interval


def test_days_end_where_the_calendar_does():
    assert day_after("2018-12-31") == "2019-01-01"
    assert day_before("2018-01-01") == "2017-12-31"
    assert day_after("9999-12-31") is None
    assert day_before("0001-01-01") is None
