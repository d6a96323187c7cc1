"""Tests which articles pass for sport, culture or gadgets."""

import pytest
import spacy
from spacy.tokens import Doc

from transforms.extract.pastimes import binds_nobody_of_ours, is_pastime, tells_of_pastime
from transforms.records import ActorKind, AgreementKind

TRANSFER = "The striker signed a contract with the football club before the season, his coach said."
LOCKOUT = (
    "Hockey players and the league's owners ended the lockout; the union said wages and debt were settled by ballot."
)
TREATY = "The two governments signed a treaty, and the film of the ceremony was shown to the troops at the border."


def read(text: str) -> Doc:
    return spacy.blank("en")(text)


@pytest.mark.parametrize(("text", "pastime"), [(TRANSFER, True), (LOCKOUT, False), (TREATY, False), ("", False)])
def test_an_article_is_told_by_the_words_it_uses(text: str, pastime: bool) -> None:
    assert is_pastime(read(text)) is pastime


def test_a_word_repeated_says_no_more_than_once() -> None:
    assert not is_pastime(read("the museum " * 50))


@pytest.mark.parametrize(
    ("kind", "side", "light"),
    [
        (AgreementKind.COMMERCIAL, ActorKind.COUNTRY, True),
        (AgreementKind.CEASEFIRE, ActorKind.COUNTRY, False),
        (AgreementKind.CEASEFIRE, ActorKind.ORGANIZATION, True),
        (AgreementKind.POLITICAL, ActorKind.ORGANIZATION, False),
    ],
)
def test_a_ceasefire_of_countries_told_beside_football_stays_one(
    kind: AgreementKind, side: ActorKind, light: bool
) -> None:
    assert binds_nobody_of_ours(read(TRANSFER), kind, [side, side]) is light


def test_a_vice_president_or_a_bidding_war_does_not_make_an_article_grave() -> None:
    assert is_pastime(read("The vice president of the studio won a bidding war for the film of the novel."))


@pytest.mark.parametrize(
    ("text", "tells"), [("The film will be shown on June 2.", True), ("Troops leave on June 2.", False)]
)
def test_a_sentence_is_told_by_one_telling_word(text: str, tells: bool) -> None:
    assert tells_of_pastime(read(text)[:]) is tells
