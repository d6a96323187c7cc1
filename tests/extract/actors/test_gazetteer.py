"""The gazetteer: what it refuses, how a user's file extends it, and how names are matched."""

from pathlib import Path

import pytest
import spacy

from transforms.extract.actors.gazetteer import GazetteerError, load_gazetteer, read_entries, shipped_file
from transforms.extract.actors.text import Words, fold, key_of
from transforms.extract.layers import Form
from transforms.records import ActorKind


def found(text: str, path: Path | None = None) -> list[tuple[str, str]]:
    words = Words(spacy.blank("en")(text))
    matches = load_gazetteer(str(path) if path else None).find(words)
    return [(words.span(it.first, it.last), it.entry.id) for it in matches]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Erdoğan", "Erdogan"), ("Hay’et", "Hay'et"), ("al-Nusra", "alNusra"), ("Łódź", "Lodz"), ("Öcalan", "OCALAN")],
)
def test_fold_makes_spellings_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_possessive_is_a_word_of_its_own() -> None:
    assert key_of("Syria’s Idlib") == ("syria", "s", "idlib")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The IMF met.", [("IMF", "org:imf")]),
        ("He imfs and whos.", []),
        ("al-Qaida and Al Qaeda", [("al-Qaida", "group:al-qaeda"), ("Al Qaeda", "group:al-qaeda")]),
        ("People’s Protection Units", [("People’s Protection Units", "group:ypg")]),
        ("South Sudan, not Sudan", [("South Sudan", "country:SS"), ("Sudan", "country:SD")]),
        ("Gulf of Mexico", []),
        ("turkey for dinner", []),
        ("US$5 from the US", [("US", "country:US")]),
        ("tell us more", []),
        ("WHO WINS THE ELECTION IN MARCH", []),
        ("Côte d’Ivoire", [("Côte d’Ivoire", "country:CI")]),
    ],
)
def test_names_are_matched_as_names(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_every_shipped_entry_is_valid_and_unique() -> None:
    entries = read_entries(shipped_file())
    assert len(entries) >= 250
    assert len({entry.id for entry in entries}) == len(entries)


def test_every_country_is_known_by_name_and_demonym() -> None:
    gazetteer = load_gazetteer(None)
    codes = {entry.country for entry in gazetteer.by_id.values() if entry.kind is ActorKind.COUNTRY}
    assert {"TR", "CI", "XK", "TW", "PS", "VA", "SU", "ZA"} <= codes
    assert len(codes) > 195


def test_users_file_adds_and_overrides(tmp_path: Path) -> None:
    file = tmp_path / "actors.yaml"
    file.write_text(
        "actors:\n"
        "  - {name: Harbour Pilots Guild, aliases: [HPG], kind: organization, country: DK}\n"
        "  - {id: 'org:imf', name: The Fund, aliases: [IMF], kind: organization}\n",
        encoding="utf-8",
    )
    gazetteer = load_gazetteer(str(file))
    assert gazetteer.by_id["org:imf"].name == "The Fund"
    assert gazetteer.by_id["organization:harbour-pilots-guild"].country == "DK"
    assert found("The HPG met the IMF.", file) == [("HPG", "organization:harbour-pilots-guild"), ("IMF", "org:imf")]
    assert load_gazetteer(None).by_id["org:imf"].name == "International Monetary Fund"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("actors: [{name: X1, kind: robot}]", "'robot', expected one of person, country"),
        ("actors: [{kind: person}]", "actor 1 has the name None"),
        ("actors: [{name: X1, kind: person, colour: red}]", "unknown key 'colour'"),
        ("actors: [{name: X1, kind: person, country: Turkey}]", "two capital letters"),
        ("actors: [{name: X1, kind: person, aliases: Xavier}]", "expected a list of names"),
        ("actors: [{name: X1, kind: person, stands_for: 'country:QQ'}]", "stands for 'country:QQ'"),
        ("actors: [{name: X1, kind: person, common: 'perhaps'}]", "expected true or false"),
        ("actors: [{name: X1, kind: person, offices: president}]", "expected a list of offices"),
        ("actors: [{name: X1, kind: person, years: [1990]}]", "expected [first, last]"),
        ("actors: [Xavier]", "expected a map"),
        ("people: []", "expected a list under the key 'actors'"),
        ("actors: [", "cannot be read as YAML"),
    ],
)
def test_bad_entries_are_refused_with_their_place(tmp_path: Path, content: str, complaint: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(GazetteerError) as refused:
        load_gazetteer(str(file))
    assert complaint in str(refused.value)
    assert "mine.yaml" in str(refused.value) or "stands for" in str(refused.value)


def test_missing_file_is_refused() -> None:
    with pytest.raises(GazetteerError, match=r"nowhere\.yaml"):
        load_gazetteer("nowhere.yaml")


def test_capitals_are_marked_as_such() -> None:
    words = Words(spacy.blank("en")("Ankara and the Kremlin"))
    assert [it.form for it in load_gazetteer(None).find(words)] == [Form.CAPITAL, Form.CAPITAL]


@pytest.mark.parametrize(("year", "expected"), [(1988, "country:SU"), (1995, "country:RU"), (None, "country:RU")])
def test_capital_stands_for_the_state_of_its_time(year: int | None, expected: str) -> None:
    words = Words(spacy.blank("en")("Moscow signed."))
    assert [it.entry.id for it in load_gazetteer(None).find(words, year)] == [expected]


def test_names_in_small_letters_are_found_without_a_capital() -> None:
    assert found("The eurozone agreed.") == [("eurozone", "org:eurozone")]
