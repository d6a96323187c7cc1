import datetime

from pipeline.page.timeline import EDGE, scale_of

FIRST, LAST = datetime.date(2018, 9, 1), datetime.date(2018, 9, 11)


def test_days_lie_on_the_line_to_scale():
    scale = scale_of([LAST, FIRST, datetime.date(2018, 9, 6)])
    assert scale is not None
    assert scale.percent(FIRST) == EDGE
    assert scale.percent(datetime.date(2018, 9, 6)) == 50
    assert scale.percent(LAST) == 100 - EDGE


def test_one_day_makes_no_line():
    assert scale_of([FIRST, FIRST]) is None
    assert scale_of([]) is None
