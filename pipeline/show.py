"""Shows one record in full, with the sentences that prove it."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console

from pipeline.listings import ACTORS, AGREEMENTS, ARTICLES, DEADLINES, FAILURES, Listing, phase
from pipeline.tables import clean
from transforms.resolve.write_agreements import current_id
from transforms.store.protocol import Store, Stored

LISTINGS = (AGREEMENTS, DEADLINES, ARTICLES, ACTORS, FAILURES)


def find_record(store: Store, record_id: str) -> tuple[Listing, Stored] | None:
    """Returns the record with this id and the listing it belongs to, or None; a former id leads to the present one."""
    record_id = current_id(store, record_id)
    for listing in LISTINGS:
        stored = store.get(listing.collection, [record_id]).get(record_id)
        if stored is not None:
            return listing, stored
    return None


def _names(people: list[Mapping[str, str]]) -> str:
    return ", ".join(person["name"] for person in people) or "—"


def _deadline_line(deadline: Mapping[str, Any], today: datetime.date) -> str:
    return f"{deadline['date']}  {deadline['kind']} ({phase(deadline, today)}): {deadline['action']}"


def _agreement(row: Mapping[str, Any], today: datetime.date) -> Iterator[tuple[str, str]]:
    yield "agreement", f"{row['title']} ({row['kind']}, {row['status']})"
    yield "parties", _names(row["parties"])
    for role in ("signers", "brokers"):
        if row[role]:
            yield role, _names(row[role])
    yield "reached", " ".join(filter(None, (row["reached"] or "date unknown", row["place"] and f"in {row['place']}")))
    for deadline in sorted(row["deadlines"], key=lambda deadline: str(deadline["date"])):
        yield "deadline", _deadline_line(deadline, today)
        yield "", f"“{clean(deadline['evidence']['text'])}”"
    for change in row["history"]:
        yield "history", _change_line(change, row)
    for evidence in row["evidence"]:
        yield "evidence", f"“{clean(evidence['text'])}” (article {evidence['article']})"


_DEADLINE_STEPS = {"deadline_new": "deadline set: ", "deadline_moved": "deadline moved: ", "deadline_met": "met: "}


def step_told(change: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """Returns one step of a history in words."""
    names = {party["id"]: party["name"] for party in row.get("parties", ())}
    told: dict[str, str] = {
        "new": f"first told of ({change['new']})",
        "status": f"{change['old']} → {change['new']}",
        "party": f"party joins: {names.get(change['new'], change['new'])}",
        "deadline_new": f"{change['new']}",
        "deadline_moved": f"{change['old']} → {change['new']}",
        "deadline_met": f"{change['new']} “{clean(change.get('said'))}”",
    }
    return told[change["what"]]


def _change_line(change: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    day = (change["published"] or "")[:10] or "date unknown"
    what = _DEADLINE_STEPS.get(change["what"], "")
    return f"{day}: {what}{step_told(change, row)} (article {change['article']})"


def _deadline(row: Mapping[str, Any], today: datetime.date) -> Iterator[tuple[str, str]]:
    yield "deadline", _deadline_line(row, today)
    yield "as written", row["text"]
    yield "agreement", f"{row['agreement_title']} ({row['agreement']})"
    yield "parties", _names(row["agreement_parties"])
    yield "obliged", _names(row["parties"])
    for change in row["history"]:
        yield "history", _change_line(change, row)
    yield "evidence", f"“{clean(row['evidence']['text'])}” (article {row['evidence']['article']})"


def _plain(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in row.items():
        if isinstance(value, list | tuple):
            value = ", ".join(str(item) for item in value)
        if value not in (None, ""):
            yield key, str(value)


def lines(listing: Listing, row: Mapping[str, Any], today: datetime.date) -> Iterator[tuple[str, str]]:
    """Yields (label, text) lines that show a record to a person."""
    if listing is AGREEMENTS:
        yield from _agreement(row, today)
    elif listing is DEADLINES:
        yield from _deadline(row, today)
    else:
        yield from _plain(row)


def print_record(listing: Listing, stored: Stored, today: datetime.date, console: Console) -> None:
    """Prints a record for a person; an article with its text."""
    for label, text in lines(listing, listing.shown(stored), today):
        console.print(f"{label:>12}  {clean(text)}", markup=False, highlight=False)
    if listing is ARTICLES:
        console.print(f"\n{stored.body['text']}", markup=False, highlight=False)
