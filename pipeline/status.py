"""Shows what the store holds, how the last runs went, and how a watch goes."""

import datetime
from typing import Any

import typer

from pipeline.tables import clean
from pipeline.watch_status import watch_lines, watches_of
from transforms.records import State
from transforms.store.protocol import Collection, Store

LAST_RUNS = 5
_SHOWN = (
    Collection.ARTICLES,
    Collection.AGREEMENTS,
    Collection.DEADLINES,
    Collection.ACTORS,
    Collection.FAILURES,
)


def status_of(store: Store, url: str, now: datetime.datetime) -> dict[str, Any]:
    """Returns counts by kind of record and state, and the last runs and watches, the newest first."""
    runs = sorted(store.scan(Collection.RUNS), key=lambda stored: str(stored.body["started"]), reverse=True)
    return {
        "store": url,
        "counts": {collection.value: store.count(collection) for collection in _SHOWN},
        "items": {state.value: store.count(Collection.ITEMS, {"state": state.value}) for state in State},
        "runs": [dict(stored.body) for stored in runs[:LAST_RUNS]],
        "watches": watches_of(store, now),
    }


def _run_line(run: dict[str, Any]) -> str:
    read = run["counters"].get("read/articles_read", 0)
    took = f"{run['seconds']} s" if run["seconds"] is not None else "not finished"
    return f"  {run['started'][:19]}  {run['state']:9} {read:6} read  {took}  {', '.join(run['paths'])}"


def _watches_shown(watches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns those that run; where none does, the one that ran last."""
    return [watch for watch in watches if watch["alive"] is not False] or watches[:1]


def print_status(state: dict[str, Any], now: datetime.datetime) -> None:
    """Prints the status for a person."""
    typer.echo(f"store       {state['store']}")
    for name, count in state["counts"].items():
        typer.echo(f"{name:12}{count}")
    typer.echo("items       " + ", ".join(f"{count} {name}" for name, count in state["items"].items()))
    typer.echo("last runs" if state["runs"] else "no runs yet")
    for run in state["runs"]:
        typer.echo(_run_line(run))
    for watch in _watches_shown(state["watches"]):
        for line in watch_lines(watch, now):
            typer.echo(clean(line) if not line.startswith(" ") else f"  {clean(line)}")
