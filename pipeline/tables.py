"""Prints listings: tables for people, JSON, JSON Lines and CSV for programs."""

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.table import Table

from transforms.records import record

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_PLAIN_WIDTH = 100_000  # a piped table is never wrapped: one row, one line

type Row = Mapping[str, Any]


class Format(StrEnum):
    """How a listing is printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


@record
class Column:
    """One column of a table: its heading and how to get its text from a row."""

    heading: str
    text: Callable[[Row], str]
    wide: bool = False


def clean(text: object) -> str:
    """Returns text on one line without control characters, safe to show in a terminal."""
    return _CONTROL.sub(" ", "" if text is None else str(text)).strip()


def console() -> Console:
    """Returns a console for tables: coloured and fitted on a terminal, plain and unwrapped when piped."""
    if sys.stdout.isatty():
        return Console()
    return Console(width=_PLAIN_WIDTH, color_system=None, force_terminal=False)


def table(columns: Sequence[Column], rows: Iterable[Row], title: str | None = None) -> Table:
    """Returns a table of rows; long text wraps in the wide columns only."""
    piped = not sys.stdout.isatty()
    drawn = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold", expand=False)
    for column in columns:
        drawn.add_column(column.heading, no_wrap=piped or not column.wide, overflow="fold")
    for row in rows:
        drawn.add_row(*(clean(column.text(row)) for column in columns), style=None)
    return drawn


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(_cell(item) for item in value)
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("id") or json.dumps(value, ensure_ascii=False))
    return "" if value is None else str(value)


def _print_csv(rows: Sequence[Row]) -> None:
    if not rows:
        return
    writer = csv.writer(sys.stdout)
    writer.writerow(rows[0])
    writer.writerows([_cell(value) for value in row.values()] for row in rows)


def print_rows(
    rows: Sequence[Row], columns: Sequence[Column], output: Format, empty: str, total: int | None = None
) -> None:
    """Prints a listing to standard output.

    Args:
        rows: JSON-ready mappings with the same keys, in order.
        columns: What the table shows; the other formats show every key.
        output: The format.
        empty: What a person is told, on standard error, when there is nothing to list.
        total: How many there are in all; a person is told, on standard error, when these are not all.
    """
    _print(rows, columns, output, empty)
    if total is not None and len(rows) < total:
        sys.stderr.write(f"{len(rows)} of {total} shown; --limit 0 shows all\n")


def _print(rows: Sequence[Row], columns: Sequence[Column], output: Format, empty: str) -> None:
    match output:
        case Format.JSON:
            sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        case Format.JSONL:
            sys.stdout.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        case Format.CSV:
            _print_csv(rows)
        case Format.TABLE if rows:
            console().print(table(columns, rows), markup=False, highlight=False)
        case Format.TABLE:
            Console(stderr=True, highlight=False).print(empty, markup=False)
