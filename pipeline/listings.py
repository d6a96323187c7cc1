"""What each listing holds: which records, in which order, with which columns."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from pipeline.tables import Column, Row, clean
from transforms.records import DeadlineStatus, record
from transforms.store.documents import (
    shown_actor,
    shown_agreement,
    shown_article,
    shown_deadline,
    shown_failure,
)
from transforms.store.fields import FIELDS
from transforms.store.protocol import Collection, Store, Stored

TITLE_CHARACTERS = 60  # a title's cell, so that a row fits a terminal of common width


@record
class Listing:
    """How one kind of record is listed."""

    collection: Collection
    shown: Callable[[Stored], dict[str, Any]]
    sort: tuple[str, ...]
    columns: tuple[Column, ...]


def _field(name: str, heading: str | None = None, *, wide: bool = False) -> Column:
    return Column(heading=heading or name, text=lambda row: clean(row.get(name)), wide=wide)


def _short(text: object) -> str:
    line = clean(text)
    return line if len(line) <= TITLE_CHARACTERS else line[: TITLE_CHARACTERS - 1] + "…"


def _title(name: str, heading: str | None = None) -> Column:
    return Column(heading=heading or name, text=lambda row: _short(row.get(name)), wide=True)


def _named(name: str) -> Column:
    return Column(heading=name, text=lambda row: ", ".join(actor["name"] for actor in row[name]), wide=True)


_STANDING = {DeadlineStatus.OPEN: "upcoming", DeadlineStatus.EXTENDED: "extended"}


def phase(deadline: Mapping[str, Any], today: datetime.date) -> str:
    """Returns where a deadline stands on a day: upcoming (or extended), due or passed; or met or cancelled."""
    status = DeadlineStatus(deadline["status"])
    if status not in _STANDING:
        return status.value
    date = datetime.date.fromisoformat(deadline["date"])
    return "due" if date == today else _STANDING[status] if date > today else "passed"


ARTICLES = Listing(
    collection=Collection.ARTICLES,
    shown=shown_article,
    sort=("-published",),
    columns=(
        Column(heading="published", text=lambda row: clean(row["published"])[:10]),
        _title("title"),
        _field("source"),
        Column(heading="copy of", text=lambda row: clean(row["duplicate_of"])),
        _field("id"),
    ),
)
AGREEMENTS = Listing(
    collection=Collection.AGREEMENTS,
    shown=shown_agreement,
    sort=("-reached",),
    columns=(
        _field("reached"),
        _field("kind"),
        _field("status"),
        _named("parties"),
        _title("title"),
        Column(heading="deadlines", text=lambda row: str(len(row["deadlines"]))),
        _field("id"),
    ),
)
DEADLINES = Listing(
    collection=Collection.DEADLINES,
    shown=shown_deadline,
    sort=("date",),
    columns=(
        _field("date"),
        _field("kind"),
        _field("phase"),
        _title("action"),
        _named("agreement_parties"),
        _title("agreement_title", "agreement"),
        _field("id"),
    ),
)
ACTORS = Listing(
    collection=Collection.ACTORS,
    shown=shown_actor,
    sort=("name",),
    columns=(
        _field("name", wide=True),
        _field("kind"),
        _field("country"),
        _field("role", wide=True),
        Column(heading="aliases", text=lambda row: _short(", ".join(row["aliases"])), wide=True),
        _field("id"),
    ),
)
FAILURES = Listing(
    collection=Collection.FAILURES,
    shown=shown_failure,
    sort=("locator", "id"),
    columns=(_field("stage"), _title("locator"), Column(heading="error", text=lambda row: row["error"], wide=True)),
)
SEARCHABLE = {listing.collection.value: listing for listing in (ARTICLES, AGREEMENTS, DEADLINES, ACTORS)}


def rows(
    store: Store, listing: Listing, query: str | None, today: datetime.date, limit: int | None = None
) -> tuple[list[Row], int]:
    """Returns the rows of a listing and how many there are in all.

    Args:
        store: Where to look.
        listing: What to list.
        query: A query of the search language, or None for all.
        today: The day from which a deadline's phase counts.
        limit: At most this many rows; None for all.

    Raises:
        QueryError: The query cannot be understood.
    """
    page = store.find(listing.collection, query, sort=listing.sort, limit=limit)
    shown: list[Row] = [listing.shown(stored) for stored in page.documents]
    if listing is DEADLINES:
        shown = [{**row, "phase": phase(row, today)} for row in shown]
    return shown, page.total


FIELD_COLUMNS = (
    _field("in"),
    _field("field"),
    _field("type"),
    Column(heading="searched by default", text=lambda row: "yes" if row["by_default"] else ""),
)


def field_rows() -> list[Row]:
    """Returns the searchable fields of each kind of record."""
    return [
        {"in": name, "field": field.name, "type": field.type.value, "by_default": field.by_default}
        for name, listing in SEARCHABLE.items()
        for field in FIELDS[listing.collection].values()
    ]
