"""Prints what was read in one article for a person."""

from collections.abc import Mapping
from typing import Any

from pipeline.tables import Column, clean, console, table


def _names(people: list[Mapping[str, str]]) -> str:
    return ", ".join(person["name"] for person in people)


_AGREEMENTS = (
    Column(heading="agreement", text=lambda row: row["title"], wide=True),
    Column(heading="kind", text=lambda row: row["kind"]),
    Column(heading="status", text=lambda row: row["status"]),
    Column(heading="reached", text=lambda row: row["reached"] or ""),
    Column(heading="parties", text=lambda row: _names(row["parties"]), wide=True),
)
_DEADLINES = (
    Column(heading="date", text=lambda row: row["date"]),
    Column(heading="kind", text=lambda row: row["kind"]),
    Column(heading="action", text=lambda row: row["action"], wide=True),
    Column(heading="as written", text=lambda row: row["text"], wide=True),
)
_ACTORS = (
    Column(heading="actor", text=lambda row: row["name"]),
    Column(heading="kind", text=lambda row: row["kind"]),
    Column(heading="country", text=lambda row: row["country"] or ""),
    Column(heading="also", text=lambda row: ", ".join(row["aliases"]), wide=True),
    Column(heading="mentions", text=lambda row: str(len(row["mentions"]))),
)


def _rules(reading: Mapping[str, Any]) -> list[str]:
    spans = [span for row in reading["agreements"] for span in row["evidence"]]
    spans += [row["evidence"] for row in reading["deadlines"]]
    return [f"  {span['rule']}: “{clean(span['text'])}”" for span in spans if "rule" in span]


def print_reading(reading: Mapping[str, Any]) -> None:
    """Prints an article's agreements, deadlines and actors, and the rules behind them where they are given."""
    article = reading["article"]
    out = console()

    def say(text: str) -> None:
        out.print(text, markup=False, highlight=False)

    say(f"{clean(article['title'])} ({article['published'] or 'no date'}, {article['published_how']})")
    parts = (("agreements", _AGREEMENTS), ("deadlines", _DEADLINES), ("actors", _ACTORS))
    for key, columns in parts:
        if reading[key]:
            say("")
            out.print(table(columns, reading[key]))
        else:
            say(f"\nno {key}")
    for line in _rules(reading):
        say(line)
