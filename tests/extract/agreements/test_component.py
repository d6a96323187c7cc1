"""The agreements component leaves what the deadlines component and the store need, whatever the text."""

import datetime

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from transforms.extract.agreements.component import AgreementMention
from transforms.extract.agreements.lexicon import load_lexicon
from transforms.extract.agreements.status import Modality
from transforms.extract.model import load_reader, prepare
from transforms.records import AgreementKind, AgreementStatus

PUBLISHED = datetime.date(2011, 5, 16)
ARTICLE = """Peru and Ecuador sign border pact

LIMA (Reuters) - Peru and Ecuador signed an agreement in Quito on Friday to mark their border within two years.

The deal, brokered by Brazil, must be ratified by both parliaments. Chile said it had no part in the talks.

Under the pact, Peru will open two crossings to traders.

Last month Bolivia and Paraguay failed to agree on a gas price."""


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_reader()


@pytest.fixture(scope="module")
def doc(nlp: Language) -> Doc:
    return nlp(prepare(nlp, ARTICLE, "article-1", PUBLISHED))


def _read(nlp: Language, text: str) -> Doc:
    return nlp(prepare(nlp, text, "article-x", PUBLISHED))


def _names(doc: Doc, ids: tuple[str, ...]) -> list[str]:
    names = {actor.id: actor.name for actor in doc._.actors}
    return sorted(names[actor] for actor in ids)


def test_agreement_has_parties_brokers_place_and_date(doc: Doc) -> None:
    first = doc._.agreements[0]
    assert _names(doc, first.parties) == ["Ecuador", "Peru"]
    assert _names(doc, first.brokers) == ["Brazil"]
    assert (first.kind, first.status) == (AgreementKind.BORDER, AgreementStatus.SIGNED)
    assert (first.place, first.reached) == ("Quito", "2011-05-13")
    assert first.title == "Border agreement between Peru and Ecuador"


def test_failed_talks_are_a_pending_agreement_of_their_own(doc: Doc) -> None:
    second = doc._.agreements[1]
    assert _names(doc, second.parties) == ["Bolivia", "Paraguay"]
    assert second.status is AgreementStatus.NEGOTIATING


def test_one_record_gathers_all_mentions_of_an_agreement(doc: Doc) -> None:
    first = doc._.agreements[0]
    said = [mention for mention in doc._.agreement_mentions if mention.agreement == first.id]
    assert {doc[mention.trigger].lower_ for mention in said} == {"pact", "agreement", "deal"}
    assert len(first.evidence) == len({mention.start for mention in said})


def test_evidence_offsets_are_exact_and_carry_rules(doc: Doc) -> None:
    for agreement in doc._.agreements:
        assert agreement.evidence
        for evidence in agreement.evidence:
            assert doc.text[evidence.start : evidence.end] == evidence.text == evidence.text.strip()
            assert evidence.rule.startswith("agreements.")
            assert evidence.article == "article-1"


def test_mentions_name_sentence_trigger_and_modality(doc: Doc) -> None:
    ids = {agreement.id for agreement in doc._.agreements}
    mentions: tuple[AgreementMention, ...] = doc._.agreement_mentions
    assert [mention.trigger for mention in mentions] == sorted(mention.trigger for mention in mentions)
    for mention in mentions:
        assert mention.agreement in ids
        assert mention.start <= doc[mention.trigger].idx < mention.end
    assert any(mention.modality is Modality.NEGATED for mention in mentions)


def test_provisions_are_the_articles_words_with_who_is_obliged(doc: Doc) -> None:
    provisions = {provision.text: _names(doc, provision.parties) for provision in doc._.agreements[0].provisions}
    assert provisions["Peru will open two crossings to traders"] == ["Peru"]
    assert provisions["to mark their border within two years"] == ["Ecuador", "Peru"]


def test_persons_who_sign_stand_for_their_side(nlp: Language) -> None:
    doc = _read(
        nlp, "Russian President Vladimir Putin and Turkish President Tayyip Erdogan signed a gas deal on Monday."
    )
    agreement = doc._.agreements[0]
    assert _names(doc, agreement.parties) == ["Russia", "Turkey"]
    assert len(agreement.signers) == 2


def test_reading_does_not_depend_on_what_was_read_before(nlp: Language, doc: Doc) -> None:
    others = ["Spain and Italy signed a treaty.", ARTICLE, "Iran and Iraq broke the truce."]
    piped = list(nlp.pipe([prepare(nlp, text, "article-1", PUBLISHED) for text in others], batch_size=3))
    assert piped[1]._.agreements == doc._.agreements
    assert piped[1]._.agreement_mentions == doc._.agreement_mentions


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n\t ",
        "agreement",
        "🤝 deal 🎉 \x00\x07 agreement between",
        "RUSSIA AND TURKEY SIGN DEAL " * 40,
        "the agreement between and with the deal of " * 60,
        "اتفاق between إسرائيل and حماس signed",
        "<p>Russia &amp; Turkey <b>signed</b> a deal</p>",
    ],
    ids=["empty", "blank", "noun", "emoji", "capitals", "no stops", "right to left", "markup"],
)
def test_any_text_is_read_without_failing(nlp: Language, text: str) -> None:
    doc = _read(nlp, text)
    ids = {actor.id for actor in doc._.actors}
    assert all(set(agreement.parties) <= ids for agreement in doc._.agreements)


def test_lexicon_knows_only_kinds_and_statuses_that_exist() -> None:
    lexicon = load_lexicon()
    assert set(lexicon.modifiers.values()) | set(lexicon.adjectives.values()) <= {str(s) for s in AgreementStatus}
    assert set(lexicon.named.values()) <= {str(kind) for kind in AgreementKind}
    assert lexicon.sets["serious"] <= {str(kind) for kind in AgreementKind}
