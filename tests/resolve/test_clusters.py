import itertools

import pytest

from tests.resolve.test_sketch import DAY, between, on, sketch
from transforms.records import AgreementStatus
from transforms.resolve.clusters import cluster

STATES = between("country:AA", "country:BB", reached=on(0))
FIRMS = between("firm", "their firm", reached=on(0))
OTHER_FIRMS = between("other firm", "their firm", reached=on(0))


def _keys(**mentions):
    """The keys of each agreement's mentions; the same in whatever order they are given."""
    sketches = [sketch(name, order=("2024-05-01", name, 0), **fields) for name, fields in mentions.items()]
    found = {
        tuple(sorted("".join(one.key for one in mentions) for mentions in cluster(order)))
        for order in itertools.permutations(sketches)
    }
    [agreements] = found
    return agreements


def test_firms_are_joined_with_their_states():
    assert _keys(a=STATES, b=FIRMS) == ("ab",)


def test_firms_are_not_joined_with_their_states_where_others_could_be():
    assert _keys(a=STATES, b=FIRMS, c=OTHER_FIRMS) == ("a", "b", "c")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"label": "one"}, {"label": "two"}),
        ({"names": ("inf",)}, {"names": ("new start",)}),
    ],
    ids=["a person said so", "their names say so"],
)
def test_agreements_told_apart_are_not_joined_by_other_reports_of_them(one, other):
    mentions = {"a": {**STATES, **one}, "b": STATES, "c": {**FIRMS, **other}, "d": FIRMS}
    assert not any("a" in keys and "c" in keys for keys in _keys(**mentions))


def test_deal_told_as_new_after_the_end_of_one_is_not_joined_with_it():
    ended = {**STATES, "status": AgreementStatus.COLLAPSED}
    assert _keys(a=ended, b={**FIRMS, "seen": DAY + 1, "reached": on(1)}) == ("a", "b")
