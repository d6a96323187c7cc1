import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.records import ActorKind, AgreementKind, AgreementStatus
from transforms.resolve.blocks import at_hand, listed_in, sought_in
from transforms.resolve.sides import Side
from transforms.resolve.sketch import Sketch, may_be_same
from transforms.resolve.weigh import may_be_one

DAY = datetime.date(2024, 5, 1).toordinal()


def sketch(key="k", *, parties=("country:AA", "country:BB"), reached=None, seen=DAY, **other):
    fields = {
        "key": key,
        "article": f"article of {key}",
        "account": "version",
        "order": ("2024-05-01", f"article of {key}", 0),
        "entered": "2024-05-01T00:00:00+00:00",
        "kind": AgreementKind.CEASEFIRE,
        "status": AgreementStatus.AGREED,
        "unnamed": tuple(party for party in parties if "(" in party),
    }
    known = {*parties, *other.pop("about", ()), *(key for side in other.get("sides", ()) for key in side.tokens)}
    fields["about"] = tuple(sorted(known))
    return Sketch(**{**fields, **other}, parties=parties, reached=reached, seen=seen)


KNOWN = {
    "firm": Side(party="firm", kind=ActorKind.ORGANIZATION, home="country:AA"),
    "other firm": Side(party="other firm", kind=ActorKind.ORGANIZATION, home="country:AA"),
    "their firm": Side(party="their firm", kind=ActorKind.ORGANIZATION, home="country:BB"),
    "army": Side(party="army", kind=ActorKind.ARMED_GROUP, home="country:BB"),
    "marta kolvar": Side(party="marta kolvar", kind=ActorKind.PERSON, home="country:BB", surname="kolvar"),
    "kolvar": Side(party="kolvar", kind=ActorKind.PERSON, surname="kolvar", alone=True),
    "rebels (AA)": Side(party="rebels (AA)", kind=ActorKind.ARMED_GROUP, home="country:AA"),
}


def between(*parties, **other):
    """The fields of a mention with these parties, and what is known of them."""
    sides = tuple(KNOWN[party] for party in sorted(parties) if party in KNOWN)
    return {"parties": tuple(sorted(parties)), "sides": sides, **other}


def on(day):
    return (DAY + day, DAY + day)


SAME = [
    ("the day told a day apart", {"reached": on(0)}, {"reached": on(1)}),
    ("the day told, and a follow-up weeks later", {"reached": on(0)}, {"seen": DAY + 60}),
    (
        "talks before it, and the day",
        {"seen": DAY - 5, "status": AgreementStatus.NEGOTIATING},
        {"reached": on(0)},
    ),
    ("one names a third party", {"reached": on(0)}, {"reached": on(0), "parties": ("country:AA", "country:BB", "x")}),
    ("kinds that are told for each other", {"reached": on(0)}, {"reached": on(0), "kind": AgreementKind.PEACE}),
    ("a month that holds the day", {"reached": on(0)}, {"reached": (DAY, DAY + 30)}),
    ("one side is unnamed", {"reached": on(0)}, {"reached": on(0), "parties": ("country:AA", "rebels (AA)")}),
    ("one side alone", {"reached": on(0)}, {"seen": DAY + 2, "parties": ("country:AA",)}),
    (
        "trade deals agreed and signed a week apart",
        {"reached": on(0), "kind": AgreementKind.TRADE},
        {"reached": on(7), "kind": AgreementKind.TRADE},
    ),
    ("a peace agreed and signed", *({"reached": on(day), "kind": AgreementKind.PEACE} for day in (0, 8))),
    (
        "under one name, years later",
        {"reached": on(0), "names": ("minsk",)},
        {"seen": DAY + 900, "names": ("minsk",), "kind": AgreementKind.POLITICAL},
    ),
    (
        "under one name, with one party in common",
        {"reached": on(0), "names": ("minsk",)},
        {"reached": on(1), "names": ("minsk",), "parties": ("country:AA", "country:CC")},
    ),
    (
        "of one day, one only called the deal",
        {"reached": on(0), "kind": AgreementKind.MIGRATION},
        {"reached": (DAY - 3, DAY + 27), "kind": AgreementKind.TRANSPORT, "vague": True},
    ),
]
OTHER = [
    ("under one name, by others", {"names": ("doha",)}, {"names": ("doha",), "parties": ("country:CC", "country:DD")}),
    (
        "under one name, in another year",
        {"reached": on(0), "names": ("minsk",)},
        {"reached": on(400), "names": ("minsk",)},
    ),
    ("known by other letters", {"names": ("inf",)}, {"names": ("new start",)}),
    ("the second of its name", {"names": ("oslo i",)}, {"names": ("oslo ii",)}),
    ("of one day, each of its own kind", {"reached": on(0)}, {"reached": on(0), "kind": AgreementKind.TRADE}),
    ("another year", {"reached": on(0)}, {"reached": on(365)}),
    ("the next truce", {"reached": on(0)}, {"reached": on(7)}),
    ("a truce called agreed before this one was", {"seen": DAY - 5}, {"reached": on(0)}),
    ("another partner", {"reached": on(0)}, {"reached": on(0), "parties": ("country:AA", "country:CC")}),
    ("the next peace", *({"reached": on(day), "kind": AgreementKind.PEACE} for day in (0, 12))),
    ("another kind", {"reached": on(0)}, {"reached": on(0), "kind": AgreementKind.ENERGY}),
    ("a report of a year later", {"reached": on(0)}, {"seen": DAY + 400}),
    ("one side alone, a month later", {"reached": on(0)}, {"seen": DAY + 30, "parties": ("country:AA",)}),
    ("a person's labels", {"reached": on(0), "label": "one"}, {"reached": on(0), "label": "two"}),
]


@pytest.mark.parametrize(("one", "other"), [case[1:] for case in SAME], ids=[case[0] for case in SAME])
def test_mentions_may_be_of_the_same_agreement(one, other):
    assert may_be_same(sketch("a", **one), sketch("b", **other))
    assert may_be_same(sketch("b", **other), sketch("a", **one))


@pytest.mark.parametrize(("one", "other"), [case[1:] for case in OTHER], ids=[case[0] for case in OTHER])
def test_mentions_are_of_different_agreements(one, other):
    assert not may_be_same(sketch("a", **one), sketch("b", **other))
    assert not may_be_same(sketch("b", **other), sketch("a", **one))


STAND_INS = [
    ("firms for their states", between("firm", "their firm", reached=on(0)), between("country:AA", "country:BB")),
    ("one firm for its state", between("firm", "country:BB", reached=on(0)), between("country:AA", "country:BB")),
    ("a leader for their army", between("country:AA", "marta kolvar"), between("country:AA", "army")),
    ("a surname", between("country:AA", "kolvar"), between("country:AA", "marta kolvar")),
]
NO_STAND_INS = [
    ("another firm of the country", between("firm", "their firm"), between("other firm", "their firm")),
    ("a state for those who fight it", between("country:CC", "country:BB"), between("country:CC", "army")),
    (
        "another day",
        between("firm", "their firm", reached=on(0)),
        between("country:AA", "country:BB", reached=on(5)),
    ),
    ("one more party on the short side", between("firm", "country:CC"), between("country:AA", "country:BB")),
    (
        "talks after a deal",
        between("firm", "their firm", reached=on(0)),
        between("country:AA", "country:BB", status=AgreementStatus.NEGOTIATING),
    ),
]


# Told of the same day, with one side the same; what else both articles tell decides.
TOLD_IN_OTHER_WAYS = [
    (
        "a broker taken for a side, spoken of in both",
        between("country:AA", "army", reached=on(0), about=("country:CC", "~ramos")),
        between("country:AA", "country:CC", reached=on(0), about=("army", "~ramos")),
    ),
    (
        "a side that only one names, the sum the same",
        between("country:AA", "firm", reached=on(0), figures=("4e+09",), kind=AgreementKind.FINANCE),
        between("firm", reached=on(1), figures=("4e+09",), kind=AgreementKind.FINANCE, about=("country:AA",)),
    ),
]
RIVALS = [
    (
        "two firms' deals with one union",
        between("firm", "army", reached=on(0), about=("other firm", "~ramos")),
        between("other firm", "army", reached=on(0), about=("firm", "~ramos")),
    ),
    (
        "two loans of one lender",
        between("firm", "country:BB", reached=on(0), kind=AgreementKind.FINANCE, about=("org:un",)),
        between("firm", "country:CC", reached=on(0), kind=AgreementKind.FINANCE, about=("org:un",)),
    ),
    (
        "a side nobody speaks of in the other",
        between("country:AA", "army", reached=on(0)),
        between("country:AA", "country:CC", reached=on(0)),
    ),
]


@pytest.mark.parametrize(
    ("one", "other"), [case[1:] for case in TOLD_IN_OTHER_WAYS], ids=[case[0] for case in TOLD_IN_OTHER_WAYS]
)
def test_sides_told_in_other_ways_are_outweighed(one, other):
    assert may_be_one(sketch("a", **one), sketch("b", **other))
    assert may_be_one(sketch("b", **other), sketch("a", **one))


@pytest.mark.parametrize(("one", "other"), [case[1:] for case in RIVALS], ids=[case[0] for case in RIVALS])
def test_deals_of_rivals_are_not_one(one, other):
    assert not may_be_one(sketch("a", **one), sketch("b", **other))
    assert not may_be_one(sketch("b", **other), sketch("a", **one))


@pytest.mark.parametrize(("one", "other"), [case[1:] for case in STAND_INS], ids=[case[0] for case in STAND_INS])
def test_sides_that_go_by_other_names_may_be_the_same(one, other):
    assert may_be_one(sketch("a", **one), sketch("b", **other))
    assert may_be_one(sketch("b", **other), sketch("a", **one))


@pytest.mark.parametrize(("one", "other"), [case[1:] for case in NO_STAND_INS], ids=[case[0] for case in NO_STAND_INS])
def test_other_sides_are_not_stand_ins(one, other):
    assert not may_be_one(sketch("a", **one), sketch("b", **other))
    assert not may_be_one(sketch("b", **other), sketch("a", **one))


_SKETCHES = st.builds(
    lambda key, parties, reached, length, seen, kind, names, vague, status: sketch(
        key,
        names=tuple(sorted(names)),
        vague=vague,
        status=status,
        **between(*parties),
        reached=None if reached is None else (DAY + reached, DAY + reached + length),
        seen=None if seen is None else DAY + seen,
        kind=kind,
    ),
    st.uuids().map(str),
    st.sets(st.sampled_from(["country:AA", "country:BB", "country:CC", *KNOWN]), max_size=3),
    st.none() | st.integers(-400, 400),
    st.sampled_from([0, 30, 364]),
    st.none() | st.integers(-400, 400),
    st.sampled_from([AgreementKind.CEASEFIRE, AgreementKind.PEACE, AgreementKind.TRADE]),
    st.sets(st.sampled_from(["minsk", "oslo i", "oslo ii", "inf"]), max_size=2),
    st.booleans(),
    st.sampled_from([AgreementStatus.AGREED, AgreementStatus.NEGOTIATING]),
)


@settings(max_examples=1_000)
@given(_SKETCHES, _SKETCHES)
def test_whatever_may_be_the_same_is_found_from_either_side(one, other):
    if may_be_same(one, other):
        assert listed_in(other) & sought_in(one)
        assert listed_in(one) & sought_in(other)


_NEAR = st.builds(
    lambda parties, day, length: (parties, day, length),
    st.sets(st.sampled_from(["country:AA", "country:BB", "country:CC", *KNOWN]), min_size=2, max_size=3),
    st.integers(-12, 12),
    st.sampled_from([None, 0, 1]),
)


@settings(max_examples=1_000)
@given(_NEAR, _NEAR)
def test_whatever_may_stand_in_is_found_from_either_side_and_at_hand(one, other):
    mine, theirs = (
        sketch(
            name,
            seen=DAY + day,
            reached=None if length is None else (DAY + day - length, DAY + day),
            **between(*parties),
        )
        for name, (parties, day, length) in (("a", one), ("b", other))
    )
    if may_be_one(mine, theirs):
        assert listed_in(theirs) & sought_in(mine)
        assert listed_in(mine) & sought_in(theirs)
        assert at_hand(mine) & at_hand(theirs)
