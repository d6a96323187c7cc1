import pytest

from transforms.records import Actor, ActorKind
from transforms.resolve.accounts import Account
from transforms.resolve.pact_names import names_in, told_apart


def _names(sentence, *actors):
    named = tuple(Actor(id=name, name=name, kind=ActorKind.OTHER) for name in actors)
    return names_in([sentence], Account(article="a", url=None, published=None, told=(), actors=named))


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("They signed the New START treaty on Thursday.", "new start"),
        ("The Minsk accords hold, and so does the Minsk agreement.", "minsk"),
        ("It left the INF Treaty.", "inf"),
        ("Under the Good Friday Agreement arms were given up.", "good friday"),
        ("The Dayton Peace Agreement ended the war.", "dayton"),
        ("The Paris climate accord was signed by 195 states.", "paris"),
    ],
)
def test_names_of_pacts_are_found(sentence, name):
    assert _names(sentence) == (name,)


@pytest.mark.parametrize(
    "sentence",
    [
        "The Iran deal was signed.",
        "Monday's agreement ended it.",
        "The South Sudan peace deal holds.",
        "The Comprehensive Peace Agreement was signed.",
        "The European Union agreement is new.",
        "The Agreement was signed.",
        "The Norlund deal was signed.",
        "A UN-brokered agreement was signed, and a Saudi-led pact.",
    ],
)
def test_names_of_sides_days_and_kinds_are_none(sentence):
    assert _names(sentence, "Norlund Air", "European Union") == ()


def test_told_apart_by_letters_and_numerals_only():
    assert told_apart(("inf",), ("new start",))
    assert told_apart(("oslo i",), ("oslo ii",))
    assert not told_apart(("black sea",), ("istanbul",))
    assert not told_apart(("minsk",), ("minsk ii",))
