"""Tells an agreement's story by date: what was reported, promised, changed, and what is due."""

import datetime
from collections.abc import Mapping
from typing import Any

from pipeline.listings import phase
from pipeline.show import step_told
from pipeline.tables import Column, Row, clean
from transforms.store.documents import shown_agreement
from transforms.store.protocol import Stored

COLUMNS = (
    Column(heading="date", text=lambda row: clean(row["date"])),
    Column(heading="what", text=lambda row: clean(row["what"])),
    Column(heading="told", text=lambda row: clean(row["told"]), wide=True),
    Column(heading="article", text=lambda row: clean(row["article"])),
)

_WORDS = {
    "new": "reported",
    "status": "status",
    "party": "party",
    "deadline_new": "deadline set",
    "deadline_moved": "deadline moved",
    "deadline_met": "deadline met",
}


def _step(change: Mapping[str, Any], agreement: Mapping[str, Any], about: str) -> Row:
    told = step_told(change, agreement)
    return {
        "date": (change["published"] or "")[:10] or None,
        "what": _WORDS[change["what"]],
        "told": f"{told}: {about}" if about else told,
        "article": change["article"],
        "old": change["old"],
        "new": change["new"],
    }


def _day(deadline: Mapping[str, Any], today: datetime.date) -> Row:
    return {
        "date": deadline["date"],
        "what": f"{deadline['kind']} ({phase(deadline, today)})",
        "told": deadline["action"],
        "article": deadline["evidence"]["article"],
        "old": None,
        "new": deadline["date"],
    }


def timeline(stored: Stored, today: datetime.date) -> list[Row]:
    """Returns the steps of an agreement and its deadlines, by date; those whose date is unknown come last.

    Args:
        stored: The agreement's document.
        today: The day from which a deadline is upcoming, due or passed.
    """
    agreement = shown_agreement(stored)
    rows = [_step(change, agreement, "") for change in agreement["history"]]
    if agreement["reached"]:
        reached = {"what": "reached", "told": agreement["title"], "article": None, "old": None, "new": None}
        rows.append({"date": agreement["reached"], **reached})
    for deadline in agreement["deadlines"]:
        rows += [_step(change, agreement, deadline["action"]) for change in deadline["history"]]
        rows.append(_day(deadline, today))
    return sorted(rows, key=lambda row: (row["date"] is None, row["date"] or ""))
