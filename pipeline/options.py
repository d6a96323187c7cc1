"""Options that many commands share, and how a user's mistake is told: one line, exit code 2."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from pipeline.tables import Format
from transforms.errors import PactwatchError, UsageError

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store", help="sqlite:///PATH, elasticsearch://HOST:9200 or https://HOST:9200/PREFIX. Default: the settings'."
    ),
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Settings file. Default: config/pactwatch.yaml where there is one.")
]
NowOption = Annotated[
    str | None, typer.Option("--now", help="Take this for the present (YYYY-MM-DD or RFC 3339), for tests and replays.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print: table, json, jsonl or csv.")]
LimitOption = Annotated[int, typer.Option("--limit", min=0, help="At most this many; 0 for all.")]


def fail(message: str, code: int = 2) -> NoReturn:
    """Ends the command with one line on standard error."""
    typer.echo(f"pactwatch: {message}", err=True)
    raise typer.Exit(code)


# What the operating system says of a person's own files is plain enough.
_FILE_ERRORS = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError, FileExistsError)


@contextmanager
def user_errors() -> Iterator[None]:
    """Turns errors that are a person's to mend into one line: wrong usage exit code 2, all else 1."""
    try:
        yield
    except UsageError as error:
        fail(str(error))
    except (PactwatchError, *_FILE_ERRORS) as error:
        fail(str(error), 1)


def settings_for(
    config: Path | None, store: str | None, *, poll_seconds: float | None = None, allow_private_hosts: bool = False
) -> Any:
    """Returns the settings with the command line's own on top."""
    from pipeline.settings import load_settings

    flags: dict[str, dict[str, Any]] = {"store": {"url": store}, "watch": {"poll_seconds": poll_seconds}, "fetch": {}}
    if allow_private_hosts:
        flags["fetch"]["allow_private_hosts"] = True
    return load_settings(config, flags)


def moment(text: str | None) -> datetime.datetime:
    """Returns the present, or the moment that --now names (a date means its first moment, UTC)."""
    if text is None:
        return datetime.datetime.now(datetime.UTC)
    try:
        when = datetime.datetime.fromisoformat(text)
    except ValueError:
        fail(f"--now {text}: expected YYYY-MM-DD or RFC 3339, such as 2018-09-17T12:00:00Z")
    return when if when.tzinfo else when.replace(tzinfo=datetime.UTC)


def checked_date(text: str, option: str) -> str:
    """Returns a date as the user gave it, checked."""
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        fail(f"{option} {text}: expected YYYY-MM-DD or RFC 3339, such as 2018-09-17")
    return text


@contextmanager
def opened_store(url: str) -> Iterator[Any]:
    """Opens a store that is there already, and closes it."""
    from transforms.store.open import open_store, store_exists

    if not store_exists(url):
        fail(f"{url.removeprefix('sqlite:///')}: no store there yet; `pactwatch run` makes one, --store names another")
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()
