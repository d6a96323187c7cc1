"""Every country by name, demonym, capital and seat of government."""

import functools
from pathlib import Path
from typing import Any

import pycountry
from ruamel.yaml import YAML

from transforms.extract.actors.known import Entry
from transforms.extract.actors.text import fold
from transforms.extract.layers import Form
from transforms.records import ActorKind, record

_FILE = Path(__file__).with_name("countries.yaml")
# Dependencies without people who could agree: their names are taken from other words too often.
_NO_ACTORS = frozenset({"AQ", "BV", "HM", "TF", "GS", "UM", "IO", "CC", "CX", "NF", "SJ", "PN", "JE"})

_PLURAL_S = ("an", "i", "er", "ot", "abe", "abé")  # "Burkinabe", "Burkinabes"


@record
class Naming:
    """A way to name a country."""

    text: str
    entry: Entry
    form: Form


@functools.cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe").load(_FILE)
    return data


def not_countries() -> list[str]:
    """Returns the phrases that hold a country's name and are not the country."""
    return [str(phrase) for phrase in _data()["not_countries"]]


def country_id(code: str) -> str:
    """Returns the actor id of a country's alpha-2 code, or of one of the codes in the data file."""
    return f"country:{code}"


@functools.cache
def pairs() -> tuple[tuple[str, str], ...]:
    """Returns the ids of the countries called "the North" and "the South", pair by pair."""
    return tuple((country_id(pair["north"]), country_id(pair["south"])) for pair in _data()["pairs"])


def former_states(year: int) -> dict[str, str]:
    """Returns the ids of today's states with those of the states whose capital theirs was in a year."""
    return {
        country_id(state["now"]): country_id(state["then"])
        for state in _data()["former_states"]
        if year <= state["until"]
    }


@functools.cache
def cities() -> frozenset[str]:
    """Returns the folded names of capitals that never stand for a government."""
    return frozenset(fold(city) for city in _data()["cities"])


def country_entries() -> tuple[dict[str, Entry], list[Naming]]:
    """Returns the countries by id, and all their namings."""
    entries: dict[str, Entry] = {}
    namings: list[Naming] = []
    listed: dict[str, Any] = _data()["countries"]
    for country in pycountry.countries:
        if country.alpha_2 not in _NO_ACTORS:
            official = [getattr(country, "official_name", ""), getattr(country, "common_name", "")]
            facts = listed.get(country.alpha_2, {})
            name = facts.get("name") or getattr(country, "common_name", None) or country.name.split(",")[0]
            plain = [part for part in (country.name, *official) if part and "," not in part and "(" not in part]
            entry = Entry(id=country_id(country.alpha_2), name=name, kind=ActorKind.COUNTRY, country=country.alpha_2)
            _add(entries, namings, entry, plain, facts)
    for code, facts in _data()["others"].items():
        iso = code if len(code) == 2 else None
        entry = Entry(id=country_id(code), name=facts["name"], kind=ActorKind.COUNTRY, country=iso)
        _add(entries, namings, entry, [], facts)
    return entries, namings


def _add(
    entries: dict[str, Entry], namings: list[Naming], entry: Entry, official: list[str], facts: dict[str, Any]
) -> None:
    entries[entry.id] = entry
    demonyms = facts.get("demonyms", [])
    plurals = [f"{it}s" for it in demonyms if it.endswith(_PLURAL_S) and f"{it}s" not in demonyms]
    forms = {
        Form.NAME: [entry.name, *facts.get("names", []), *official],
        Form.DEMONYM: [*demonyms, *plurals],
        Form.CAPITAL: [*facts.get("capital", []), *facts.get("seats", [])],
    }
    namings += [Naming(text=text, entry=entry, form=form) for form, texts in forms.items() for text in texts]


@functools.cache
def seats() -> frozenset[str]:
    """Returns the folded names of the seats of government ("whitehouse"), which act wherever they are named."""
    return frozenset(fold(seat) for facts in _data()["countries"].values() for seat in facts.get("seats", []))
