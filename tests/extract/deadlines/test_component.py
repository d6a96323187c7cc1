"""What a user sees of the deadlines of an article: date, kind, action, obliged parties, evidence and provisions."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from transforms.extract.model import load_reader, prepare
from transforms.records import Deadline, DeadlineKind, DeadlineStatus, Precision, digest

PUBLISHED = datetime.date(2018, 9, 17)
DEAL = "Sudan and Eritrea signed an accord in Khartoum on Monday. "


def _read(text: str, published: datetime.date | None = PUBLISHED) -> Doc:
    nlp = load_reader()
    return nlp(prepare(nlp, text, "article-1", published))


def _only(text: str, published: datetime.date | None = PUBLISHED) -> tuple[Deadline, Doc]:
    doc = _read(text, published)
    assert len(doc._.deadlines) == 1, doc._.deadlines
    return doc._.deadlines[0], doc


def _names(doc: Doc, ids: tuple[str, ...]) -> set[str]:
    return {actor.name for actor in doc._.actors if actor.id in ids}


def test_a_deadline_says_what_who_and_when() -> None:
    deadline, doc = _only(DEAL + "Under the deal, Eritrea must withdraw its tanks by October 4.")
    assert deadline.date == datetime.date(2018, 10, 4)
    assert deadline.kind is DeadlineKind.DUE
    assert deadline.precision is Precision.DAY
    assert deadline.status is DeadlineStatus.OPEN
    assert deadline.text == "by October 4"
    assert "withdraw its tanks" in deadline.action
    assert _names(doc, deadline.parties) == {"Eritrea"}


def test_a_deadline_belongs_to_its_agreement_and_has_a_stable_id() -> None:
    deadline, doc = _only(DEAL + "Eritrea must withdraw its tanks by October 4.")
    assert deadline.agreement == doc._.agreements[0].id
    assert deadline.id == digest("article-1", deadline.agreement, "2018-10-04", "due")


def test_evidence_is_the_sentence_at_its_exact_place() -> None:
    text = DEAL + "  Eritrea must withdraw its tanks by October 4. Peace has come."
    deadline, _ = _only(text)
    evidence = deadline.evidence
    assert text[evidence.start : evidence.end] == evidence.text == "Eritrea must withdraw its tanks by October 4."
    assert evidence.article == "article-1"
    assert evidence.rule.startswith("deadlines.")


def test_what_is_due_becomes_a_provision_of_the_agreement() -> None:
    deadline, doc = _only(DEAL + "Eritrea must withdraw its tanks by October 4.")
    provisions = [provision for provision in doc._.agreements[0].provisions if provision.deadline == deadline.id]
    assert len(provisions) == 1
    assert "withdraw its tanks" in provisions[0].text


def test_time_and_zone_are_kept() -> None:
    deadline, _ = _only(
        "Sudan and Eritrea agreed a ceasefire on Monday. The truce takes effect at 6 am GMT on September 20."
    )
    assert (deadline.kind, deadline.time) == (DeadlineKind.EFFECTIVE, "06:00")
    assert deadline.time_zone is not None


@pytest.mark.parametrize(
    ("words", "date", "precision"),
    [
        ("by 2025", datetime.date(2025, 12, 31), Precision.YEAR),
        ("by March 2019", datetime.date(2019, 3, 31), Precision.MONTH),
        ("before June 2019", datetime.date(2019, 5, 31), Precision.MONTH),
        ("before June 1, 2019", datetime.date(2019, 6, 1), Precision.DAY),
        ("no later than 1 December", datetime.date(2018, 12, 1), Precision.DAY),
        ("within 72 hours", datetime.date(2018, 9, 20), Precision.DAY),
    ],
)
def test_the_date_is_the_last_day_the_words_can_mean(words: str, date: datetime.date, precision: Precision) -> None:
    deadline, _ = _only(DEAL + f"Eritrea must withdraw its tanks {words}.")
    assert (deadline.date, deadline.precision) == (date, precision)


def test_several_sentences_about_one_date_are_one_deadline() -> None:
    deadline, _ = _only(
        DEAL + "Eritrea must withdraw its tanks by October 4. The tanks will be gone by October 4, its president said."
    )
    assert deadline.date == datetime.date(2018, 10, 4)


def test_lengths_count_from_the_agreements_own_dates() -> None:
    doc = _read("Sudan and Eritrea signed a six-month ceasefire on September 10. It takes effect on October 1.")
    found = {(deadline.kind, deadline.date) for deadline in doc._.deadlines}
    assert found == {
        (DeadlineKind.EFFECTIVE, datetime.date(2018, 10, 1)),
        (DeadlineKind.EXPIRES, datetime.date(2019, 3, 31)),
    }


def test_a_length_without_a_known_start_sets_no_date() -> None:
    assert _read("Sudan and Eritrea have a two-year trade agreement.")._.deadlines == ()


def test_relative_dates_without_a_publication_date_set_none() -> None:
    assert _read(DEAL + "Eritrea must withdraw its tanks by Friday.", None)._.deadlines == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        "by October 4",
        "Eritrea must withdraw its tanks by October 4.",
        "🤝 " * 50,
        "SUDAN AND ERITREA SIGNED A DEAL TO WITHDRAW BY OCTOBER 4",
        "deal until until by within \x00\x07 October 4 \u202e accord",
        "مصر وقعت اتفاقا 4 October",
    ],
)
def test_any_text_gives_a_reading(text: str) -> None:
    assert isinstance(_read(text)._.deadlines, tuple)


_PIECES = st.sampled_from(
    [
        "Sudan",
        "Eritrea",
        "signed",
        "a deal",
        "must",
        "withdraw",
        "by",
        "until",
        "October 4",
        "within 60 days",
        "of the",
        "six-month",
        "truce",
        "expires",
        "on Friday",
        "if",
        ",",
        ".",
        "\n",
        "takes effect",
        "has",
        "to",
        "2025",
        "🕊",
        "and",
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_PIECES, max_size=60))
def test_evidence_offsets_hold_in_any_mix_of_words(pieces: list[str]) -> None:
    text = " ".join(pieces)
    doc = _read(text)
    agreements = {agreement.id for agreement in doc._.agreements}
    for deadline in doc._.deadlines:
        assert deadline.agreement in agreements
        assert text[deadline.evidence.start : deadline.evidence.end] == deadline.evidence.text
        assert deadline.text in text
    keys = [(deadline.date, deadline.kind) for deadline in doc._.deadlines]
    assert len(keys) == len(set(keys))


def test_a_reading_does_not_depend_on_the_batch() -> None:
    nlp = load_reader()
    texts = [
        DEAL + "Eritrea must withdraw its tanks by October 4.",
        "India and Pakistan agreed a ceasefire until March 31.",
        "The new film opens on Friday.",
    ]
    alone = [_read(text)._.deadlines for text in texts]
    batch = [
        doc._.deadlines
        for doc in nlp.pipe([prepare(nlp, text, "article-1", PUBLISHED) for text in reversed(texts)], batch_size=3)
    ]
    assert alone == list(reversed(batch))


def test_the_action_is_the_clause_without_the_word_that_reports_it() -> None:
    deadline, _ = _only(DEAL + "Officials said that Eritrea must withdraw its tanks by October 4.")
    assert deadline.action.startswith("Eritrea must withdraw")


def test_hours_from_the_signing_count_from_the_formal_signing_where_one_is_announced() -> None:
    deadline, _ = _only(DEAL + "It is to be formally signed on Friday. Both must pay within 48 hours of the signing.")
    assert deadline.date == datetime.date(2018, 9, 23)


def test_a_must_belongs_to_the_main_agreement_however_far_below_it_stands() -> None:
    filler = "Shops in the capital were full of people. " * 12
    deadline, doc = _only(DEAL + filler + "Eritrea must withdraw its tanks by October 4.")
    assert deadline.agreement == doc._.agreements[0].id


def test_the_second_date_of_a_row_follows_the_first_across_the_new_year() -> None:
    doc = _read(DEAL + "Eritrea must repay the loan on December 1 and March 1.")
    assert [str(deadline.date) for deadline in doc._.deadlines] == ["2018-12-01", "2019-03-01"]


def test_a_contract_of_years_ends_where_its_start_is_named_only() -> None:
    assert not _read("Sudan and Eritrea signed a 20-year gas contract on Monday.")._.deadlines
    doc = _read("Sudan and Eritrea signed a 20-year gas contract on Monday. The contract takes effect on January 1.")
    assert [str(deadline.date) for deadline in doc._.deadlines] == ["2038-12-31", "2019-01-01"]
