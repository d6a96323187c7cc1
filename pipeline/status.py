"""Shows what the store holds and how the last runs went."""

from typing import Any

import typer

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


def status_of(store: Store, url: str) -> dict[str, Any]:
    """Returns counts by kind of record and state, and the last runs, the newest first."""
    runs = sorted(store.scan(Collection.RUNS), key=lambda stored: str(stored.body["started"]), reverse=True)
    return {
        "store": url,
        "counts": {collection.value: store.count(collection) for collection in _SHOWN},
        "items": {state.value: store.count(Collection.ITEMS, {"state": state.value}) for state in State},
        "runs": [dict(stored.body) for stored in runs[:LAST_RUNS]],
    }


def _run_line(run: dict[str, Any]) -> str:
    read = run["counters"].get("read/articles_read", 0)
    took = f"{run['seconds']} s" if run["seconds"] is not None else "not finished"
    return f"  {run['started'][:19]}  {run['state']:9} {read:6} read  {took}  {', '.join(run['paths'])}"


def print_status(state: dict[str, Any]) -> None:
    """Prints the status for a person."""
    typer.echo(f"store     {state['store']}")
    for name, count in state["counts"].items():
        typer.echo(f"{name:10}{count}")
    typer.echo("items     " + ", ".join(f"{count} {name}" for name, count in state["items"].items()))
    typer.echo("last runs" if state["runs"] else "no runs yet")
    for run in state["runs"]:
        typer.echo(_run_line(run))
