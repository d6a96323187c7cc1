"""The scores of an evaluation, on small golds of our own."""

import datetime
import json
from pathlib import Path

import pytest

from pipeline.evaluate import score
from pipeline.gold import GoldAgreement, GoldDeadline, GoldError, GoldText, read_gold
from transforms.records import (
    Actor,
    ActorKind,
    Agreement,
    AgreementKind,
    AgreementStatus,
    Deadline,
    DeadlineKind,
    Evidence,
    Precision,
    Reading,
)

TEXT = "Ruritania and Graustark signed a trade pact. Tariffs must go by 31 March 2031."


def _actor(name: str, kind: ActorKind = ActorKind.COUNTRY, aliases: tuple[str, ...] = ()) -> Actor:
    return Actor(id=name.casefold(), name=name, kind=kind, aliases=aliases)


def _agreement(
    *parties: str, kind: AgreementKind = AgreementKind.TRADE, status: AgreementStatus = AgreementStatus.SIGNED
) -> Agreement:
    return Agreement(
        id="-".join(parties),
        kind=kind,
        title="pact",
        parties=tuple(party.casefold() for party in parties),
        status=status,
        evidence=(Evidence(article="a", start=0, end=44, text=TEXT[:44], rule="agreements.signed"),),
    )


def _deadline(date: str, kind: DeadlineKind = DeadlineKind.DUE) -> Deadline:
    return Deadline(
        id=f"{date}-{kind}",
        agreement="a",
        kind=kind,
        date=datetime.date.fromisoformat(date),
        precision=Precision.DAY,
        text=f"by {date}",
        action="tariffs must go",
        evidence=Evidence(article="a", start=45, end=len(TEXT), text=TEXT[45:], rule="deadlines.due"),
    )


def _gold(
    *,
    actors: dict[str, str] | None = None,
    agreements: tuple[GoldAgreement, ...] = (),
    deadlines: tuple[GoldDeadline, ...] = (),
    same: tuple[tuple[str, ...], ...] = (),
    different: tuple[tuple[str, ...], ...] = (),
) -> dict[str, GoldText]:
    return {
        "pact": GoldText(
            text=TEXT,
            published=datetime.date(2030, 5, 1),
            actors=actors or {},
            same_actor=same,
            different_actor=different,
            agreements=agreements,
            deadlines=deadlines,
        )
    }


def _reading(
    actors: tuple[Actor, ...] = (), agreements: tuple[Agreement, ...] = (), deadlines: tuple[Deadline, ...] = ()
) -> dict[str, Reading]:
    return {"pact": Reading(article="a", actors=actors, agreements=agreements, deadlines=deadlines)}


@pytest.mark.parametrize(
    ("gold", "found", "hits"),
    [
        ("2031-03-31", "2031-03-31", 1),
        ("2031-03-31", "2031-03-30", 0),
        ("2031-03", "2031-03-31", 1),
        ("2031-03", "2031-04-01", 0),
        ("2031", "2031-12-31", 1),
        ("2031", "2030-12-31", 0),
    ],
)
def test_a_deadline_counts_when_its_date_is_right(gold: str, found: str, hits: int) -> None:
    report = score(_gold(deadlines=(GoldDeadline(date=gold, kind="due"),)), _reading(deadlines=(_deadline(found),)))
    assert (report.deadlines.hits, report.deadlines.misses, report.deadlines.false) == (hits, 1 - hits, 1 - hits)


def test_a_deadline_of_another_kind_counts_and_lowers_kind_accuracy() -> None:
    gold = _gold(deadlines=(GoldDeadline(date="2031-03-31", kind="expires"),))
    report = score(gold, _reading(deadlines=(_deadline("2031-03-31"),)))
    assert report.deadlines.f1 == 1
    assert report.deadline_kind.value == 0


def test_of_two_deadlines_on_one_day_the_one_of_the_right_kind_is_paired() -> None:
    gold = _gold(deadlines=(GoldDeadline(date="2031-03-31", kind="expires"),))
    found = (_deadline("2031-03-31"), _deadline("2031-03-31", DeadlineKind.EXPIRES))
    report = score(gold, _reading(deadlines=found))
    assert report.deadline_kind.value == 1
    assert report.deadlines.false == 1


def test_optional_deadlines_are_neither_missed_nor_false() -> None:
    gold = _gold(deadlines=(GoldDeadline(date="2031-03-31", kind="due", optional=True),))
    for found in ((), (_deadline("2031-03-31"),)):
        report = score(gold, _reading(deadlines=found))
        assert (report.deadlines.hits, report.deadlines.misses, report.deadlines.false) == (0, 0, 0)


def test_findings_show_the_sentence_of_misses_and_false_alarms() -> None:
    gold = _gold(deadlines=(GoldDeadline(date="2031-03-31", kind="due", about="tariffs"),))
    report = score(gold, _reading(deadlines=(_deadline("2032-01-01"),)))
    assert [finding.sentence for finding in report.findings] == ["Tariffs must go by 31 March 2031."] * 2
    assert "deadlines.due" in report.findings[1].what


def test_an_agreement_counts_when_half_of_its_parties_are_found() -> None:
    gold = _gold(agreements=(GoldAgreement(kind="trade", parties=("Ruritania", "Graustark"), status="reached"),))
    actors = tuple(_actor(name) for name in ("Ruritania", "Graustark", "Freedonia", "Sylvania"))
    half = score(gold, _reading(actors, (_agreement("Ruritania", "Freedonia"),)))
    assert (half.agreements.hits, half.agreements.false) == (1, 0)
    assert (half.parties.hits, half.parties.misses, half.parties.false) == (1, 1, 1)
    none = score(gold, _reading(actors, (_agreement("Sylvania", "Freedonia"),)))
    assert (none.agreements.hits, none.agreements.misses, none.agreements.false) == (0, 1, 1)


def test_agreements_are_paired_best_first_and_one_to_one() -> None:
    gold = _gold(
        agreements=(
            GoldAgreement(kind="trade", parties=("Ruritania", "Graustark", "Freedonia"), status="reached"),
            GoldAgreement(kind="ceasefire", parties=("Ruritania", "Graustark"), status="ended"),
        )
    )
    actors = tuple(_actor(name) for name in ("Ruritania", "Graustark", "Freedonia"))
    found = (
        _agreement("Ruritania", "Graustark", kind=AgreementKind.CEASEFIRE, status=AgreementStatus.COLLAPSED),
        _agreement("Ruritania", "Graustark", "Freedonia"),
    )
    report = score(gold, _reading(actors, found))
    assert report.agreements.f1 == 1
    assert report.status.value == report.kind.value == 1
    assert report.parties.f1 == 1


@pytest.mark.parametrize(
    ("gold", "found", "right"),
    [
        ("peace", AgreementKind.CEASEFIRE, True),
        ("demilitarisation", AgreementKind.CEASEFIRE, True),
        ("demilitarisation", AgreementKind.PEACE, False),
        ("energy", AgreementKind.COMMERCIAL, True),
        ("border", AgreementKind.TRANSPORT, True),
        ("labor", AgreementKind.COMMERCIAL, False),
    ],
)
def test_neighbouring_kinds_count_as_right(gold: str, found: AgreementKind, right: bool) -> None:
    texts = _gold(agreements=(GoldAgreement(kind=gold, parties=("Ruritania",)),))
    report = score(texts, _reading((_actor("Ruritania"),), (_agreement("Ruritania", kind=found),)))
    assert report.kind.value == float(right)


@pytest.mark.parametrize(
    ("gold", "found", "right"),
    [
        ("pending", AgreementStatus.NEGOTIATING, True),
        ("reached", AgreementStatus.IN_FORCE, True),
        ("ended", AgreementStatus.VIOLATED, True),
        ("extended", AgreementStatus.SIGNED, False),
    ],
)
def test_status_is_compared_by_group(gold: str, found: AgreementStatus, right: bool) -> None:
    texts = _gold(agreements=(GoldAgreement(kind="trade", parties=("Ruritania",), status=gold),))
    report = score(texts, _reading((_actor("Ruritania"),), (_agreement("Ruritania", status=found),)))
    assert report.status.value == float(right)


def test_actors_are_known_by_any_name_and_others_are_not_false() -> None:
    gold = _gold(
        actors={"Hay'et al-Nur": "armed_group", "José Peña": "person", "Freedonia": "country"},
        same=(("Hay'et al-Nur", "HN"), ("José Peña", "Freedonia")),
        different=(("Hay'et al-Nur", "José Peña"),),
    )
    found = (
        _actor("Hay’et al-Nur", ActorKind.ORGANIZATION, ("HN",)),
        _actor("Jose Pena", ActorKind.PERSON),
        _actor("Sylvania"),
    )
    report = score(gold, _reading(found))
    assert (report.actors.right, report.actors.total) == (2, 3)
    assert (report.actor_kind.right, report.actor_kind.total) == (1, 2)
    assert (report.same_actor.right, report.same_actor.total) == (1, 2)
    assert report.different_actor.value == 1


def test_the_report_is_json_and_lines() -> None:
    report = score(_gold(deadlines=(GoldDeadline(date="2031-03-31", kind="due"),)), {})
    assert json.loads(json.dumps(report.to_json()))["deadlines"]["recall"] == 0
    assert any(line.startswith("deadlines") and "1 missed" in line for line in report.lines())


def test_gold_is_read_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "pact.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "gold.yaml").write_text(
        "pact:\n  published: 2030-05-01\n  actors: {Ruritania: country}\n"
        "  agreements: [{type: trade, parties: [Ruritania], status: reached}]\n"
        "  deadlines: [{date: 2031, kind: due}, {date: 2031-03-31, optional: true}]\n",
        encoding="utf-8",
    )
    gold = read_gold(tmp_path)["pact"]
    assert gold.published == datetime.date(2030, 5, 1)
    assert [deadline.date for deadline in gold.deadlines] == ["2031", "2031-03-31"]
    assert gold.agreements[0].kind == "trade"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "expected a gold folder"),
        ("- pact", "expected one entry a text"),
        ("pact: [", "not YAML"),
        ("gone: {}", "gone.txt"),
        ("pact: {agreements: [{parties: [A]}]}", "'type'"),
        ("pact: {published: soon}", "soon"),
    ],
)
def test_a_gold_folder_that_cannot_be_read_is_refused(tmp_path: Path, content: str | None, message: str) -> None:
    (tmp_path / "pact.txt").write_text(TEXT, encoding="utf-8")
    if content is not None:
        (tmp_path / "gold.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(GoldError, match=message):
        read_gold(tmp_path)
