"""Runs the whole reader over every case file of cases/ and gates each file by the share of its cases that pass."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from spacy.tokens import Doc

from pipeline.evaluate import STATUS_GROUPS, fold_name
from transforms.extract.model import load_reader, prepare
from transforms.records import Actor, Agreement

HERE = Path(__file__).parent
FILES = sorted((HERE / "cases").glob("*.yaml"))
EXPECTATIONS = {"dates", "actors", "same_actor", "agreements", "deadlines"}


def _cases(file: Path) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return cases


@pytest.fixture(scope="session")
def docs() -> dict[str, Doc]:
    """Every case's text, read once, by case id."""
    nlp = load_reader()
    cases = [case for file in FILES for case in _cases(file)]
    texts = (
        prepare(nlp, case["text"], case["id"], datetime.date.fromisoformat(str(case["published"]))) for case in cases
    )
    return {case["id"]: doc for case, doc in zip(cases, nlp.pipe(texts, batch_size=64), strict=True)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_cases_stay_above_their_floor(file: Path, docs: dict[str, Doc]) -> None:
    cases = _cases(file)
    problems = {case["id"]: list(case_problems(case["expect"], docs[case["id"]])) for case in cases}
    failed = {case: found for case, found in problems.items() if found}
    share = 1 - len(failed) / len(cases)
    floor = YAML(typ="safe").load((HERE / "floors.yaml").read_text(encoding="utf-8"))["cases"].get(file.stem, 1.0)
    report = "\n".join(f"{case}: {'; '.join(found)}" for case, found in failed.items())
    assert share >= floor, f"{share:.3f} of {len(cases)} cases pass, floor {floor}\n{report}"


def test_case_ids_are_unique_and_cases_well_formed() -> None:
    cases = [case for file in FILES for case in _cases(file)]
    ids = [case["id"] for case in cases]
    assert len(ids) == len(set(ids)), sorted({case for case in ids if ids.count(case) > 1})
    wrong = [
        case["id"]
        for case in cases
        if set(case) - {"id", "phenomenon", "published", "text", "expect"} or set(case["expect"]) - EXPECTATIONS
    ]
    assert not wrong


def case_problems(expect: dict[str, Any], doc: Doc) -> Iterator[str]:
    """Yields in words what was not found as a case expects it."""
    if "dates" in expect:
        yield from _date_problems(expect["dates"], doc)
    yield from _actor_problems(expect.get("actors") or {}, expect.get("same_actor") or [], doc)
    if "agreements" in expect:
        yield from _agreement_problems(expect["agreements"], doc)
    if "deadlines" in expect:
        wanted = sorted((_last_day(str(deadline["date"])), deadline["kind"]) for deadline in expect["deadlines"])
        found = sorted((str(deadline.date), str(deadline.kind)) for deadline in doc._.deadlines)
        if wanted != found:
            yield f"deadlines {found}, expected {wanted}"


def _date_problems(wanted: list[dict[str, Any]], doc: Doc) -> Iterator[str]:
    for date in wanted:
        fields = {name: str(value) for name, value in date.items() if name != "text"}
        candidates = [
            timex for timex in doc._.timexes if date["text"] in (timex.text, doc.text[timex.start : timex.end])
        ]
        if not any(all(str(getattr(timex, name)) == value for name, value in fields.items()) for timex in candidates):
            found = [{name: str(getattr(timex, name)) for name in fields} for timex in candidates]
            yield f"date {date['text']!r} {found}, expected {fields}"


def _actor_problems(wanted: dict[str, str], same: list[list[str]], doc: Doc) -> Iterator[str]:
    for name, kind in wanted.items():
        kinds = {str(actor.kind) for actor in doc._.actors if _goes_by(actor, name)}
        if kind not in kinds:
            yield f"actor {name} {sorted(kinds) or 'missed'}, expected {kind}"
    for names in same:
        if not any(all(_goes_by(actor, name) for name in names) for actor in doc._.actors):
            yield f"not one actor: {', '.join(names)}"


def _agreement_problems(wanted: list[dict[str, Any]], doc: Doc) -> Iterator[str]:
    """Compares exactly: each expected agreement needs one found agreement of its own, and none may be left."""
    left = list(doc._.agreements)
    actors = {actor.id: actor for actor in doc._.actors}
    for agreement in wanted:
        match = next((found for found in left if _is_agreement(agreement, found, actors)), None)
        if match is None:
            yield f"agreement missed: {agreement}"
        else:
            left.remove(match)
    for found in left:
        parties = [actors[party].name for party in found.parties if party in actors]
        yield f"agreement {found.kind} between {parties} {found.status} reached {found.reached} at {found.place}"


def _is_agreement(wanted: dict[str, Any], found: Agreement, actors: dict[str, Actor]) -> bool:
    exact = all(
        str(getattr(found, name)) == str(wanted[name]) for name in ("kind", "reached", "place") if name in wanted
    )
    status = wanted.get("status") in (None, str(found.status), STATUS_GROUPS[found.status])
    parties = "parties" not in wanted or _same_actors(wanted["parties"], found.parties, actors)
    brokers = "brokers" not in wanted or _same_actors(wanted["brokers"], found.brokers, actors)
    return exact and status and parties and brokers


def _same_actors(names: list[str], ids: tuple[str, ...], actors: dict[str, Actor]) -> bool:
    left = list(ids)
    for name in names:
        match = next((actor for actor in left if actor in actors and _goes_by(actors[actor], name)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _goes_by(actor: Actor, name: str) -> bool:
    return fold_name(name) in {fold_name(known) for known in (actor.name, *actor.aliases)}


def _last_day(date: str) -> str:
    """Returns the last day a case's date can mean: YYYY-MM-DD of a day, month or year."""
    year, *rest = (int(part) for part in date.split("-"))
    if len(rest) == 2:
        return date
    month = rest[0] if rest else 12
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return str(following - datetime.timedelta(days=1))
