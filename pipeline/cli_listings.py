"""The commands that look: search, the listings, show and fields."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline import cli_decisions
from pipeline.options import (
    ConfigOption,
    FormatOption,
    LimitOption,
    NowOption,
    StoreOption,
    checked_date,
    fail,
    moment,
    opened_store,
    settings_for,
    user_errors,
)
from pipeline.tables import Format


def search(
    query: Annotated[str, typer.Argument(help='For example: text:"heavy weapons" AND actors:Turkey')],
    where: Annotated[str, typer.Option("--in", help="articles, agreements, deadlines or actors.")] = "articles",
    limit: LimitOption = 50,
    output: FormatOption = Format.TABLE,
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """Search with Lucene syntax: words, "phrases", AND OR NOT, field:value, prefix*, date:[2018-10-01 TO 2018-10-31].

    Words match whatever their ending (weapon, weapons), accents and case do not matter. `pactwatch fields` lists
    the fields of each kind of record.
    """
    from pipeline.listings import SEARCHABLE

    if where not in SEARCHABLE:
        fail(f"--in {where}: expected one of {', '.join(SEARCHABLE)}")
    _list(where, query, limit, output, store, config, now)


def _list(
    name: str,
    query: str | None,
    limit: int,
    output: Format,
    store: str | None,
    config: Path | None,
    now: str | None,
) -> None:
    from pipeline.listings import FAILURES, SEARCHABLE, rows
    from pipeline.tables import print_rows
    from transforms.store.query import QueryError

    listing = SEARCHABLE.get(name, FAILURES)
    with user_errors():
        settings = settings_for(config, store)
        with opened_store(settings.store.url) as opened:
            try:
                found, total = rows(opened, listing, query, moment(now).date(), limit or None)
            except QueryError as error:
                fail(f"query {query!r}: {error}")
        print_rows(found, listing.columns, output, f"no {name} found", total)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _present_id(record: str, store: str | None, config: Path | None) -> str:
    from transforms.resolve.write_agreements import current_id

    with opened_store(settings_for(config, store).store.url) as opened:
        return current_id(opened, record)


def articles(
    limit: LimitOption = 50,
    output: FormatOption = Format.TABLE,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """List articles, the newest first."""
    _list("articles", None, limit, output, store, config, None)


def agreements(
    context: typer.Context,
    kind: Annotated[str | None, typer.Option(help="Only this kind: ceasefire, trade, energy, ...")] = None,
    status: Annotated[str | None, typer.Option(help="Only this status: agreed, signed, collapsed, ...")] = None,
    party: Annotated[str | None, typer.Option(help="Only with this party, by name.")] = None,
    limit: LimitOption = 50,
    output: FormatOption = Format.TABLE,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """List agreements, the latest first, with their parties and how many deadlines they set.

    What is computed can be corrected: `merge` says that some are one, `split` that some reports are of another, `undo`
    takes that back. Such decisions are kept and stronger than whatever is computed later.
    """
    if context.invoked_subcommand is not None:
        return
    given = (("kind", kind), ("status", status), ("parties", party))
    query = " AND ".join(f"{field}:{_quoted(value)}" for field, value in given if value) or None
    _list("agreements", query, limit, output, store, config, None)


def deadlines(
    start: Annotated[str | None, typer.Option("--from", help="The first day (YYYY-MM-DD).")] = None,
    end: Annotated[str | None, typer.Option("--to", help="The last day (YYYY-MM-DD).")] = None,
    agreement: Annotated[str | None, typer.Option(help="Only those of the agreement with this id.")] = None,
    limit: LimitOption = 50,
    output: FormatOption = Format.TABLE,
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """List deadlines by date: upcoming, due or passed as of today (or --now)."""
    with user_errors():
        first = checked_date(start, "--from") if start else "*"
        last = checked_date(end, "--to") if end else "*"
        present = _present_id(agreement, store, config) if agreement else None
    parts = [f"date:[{first} TO {last}]"] if start or end else []
    parts += [f"agreement:{_quoted(present)}"] if present else []
    _list("deadlines", " AND ".join(parts) or None, limit, output, store, config, now)


def actors(
    context: typer.Context,
    kind: Annotated[
        str | None, typer.Option(help="Only this kind: person, country, organization, armed_group.")
    ] = None,
    limit: LimitOption = 50,
    output: FormatOption = Format.TABLE,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """List actors by name, with their aliases.

    `merge` says that two are one, `split` takes that back; such decisions are kept and stronger than whatever is read
    later.
    """
    if context.invoked_subcommand is not None:
        return
    _list("actors", f"kind:{_quoted(kind)}" if kind else None, limit, output, store, config, None)


def failures(
    limit: LimitOption = 50,
    output: FormatOption = Format.TABLE,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """List what could not be taken in or read, with the reason; `pactwatch replay` tries it again."""
    _list("failures", None, limit, output, store, config, None)


def show(
    record: Annotated[str, typer.Argument(metavar="ID", help="Of an article, agreement, deadline, actor or failure.")],
    output: FormatOption = Format.TABLE,
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """Show one record in full, with the sentences that prove it."""
    from pipeline.show import find_record, print_record
    from pipeline.tables import console, print_rows

    with user_errors():
        settings = settings_for(config, store)
        with opened_store(settings.store.url) as opened:
            found = find_record(opened, record)
        if found is None:
            fail(f"{record}: nothing in the store has this id; listings show ids in their last column")
        listing, stored = found
        if output is Format.TABLE:
            print_record(listing, stored, moment(now).date(), console())
        else:
            print_rows([listing.shown(stored)], listing.columns, output, "")


def timeline(
    agreement: Annotated[str, typer.Argument(metavar="ID", help="Of an agreement.")],
    output: FormatOption = Format.TABLE,
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """Tell an agreement's story by date: what was reported and promised, what changed, what is due."""
    from pipeline.show import find_record
    from pipeline.tables import print_rows
    from pipeline.timeline import COLUMNS
    from pipeline.timeline import timeline as steps
    from transforms.store.protocol import Collection

    with user_errors():
        settings = settings_for(config, store)
        with opened_store(settings.store.url) as opened:
            found = find_record(opened, agreement)
        if found is None or found[0].collection is not Collection.AGREEMENTS:
            fail(f"{agreement}: no agreement in the store has this id; `pactwatch agreements` lists them")
        print_rows(steps(found[1], moment(now).date()), COLUMNS, output, "")


def fields(
    output: FormatOption = Format.TABLE,
) -> None:
    """List the fields that `pactwatch search` knows, for each kind of record."""
    from pipeline.listings import FIELD_COLUMNS, field_rows
    from pipeline.tables import print_rows

    print_rows(field_rows(), FIELD_COLUMNS, output, "")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this file to the command line."""
    for command in (search, articles, deadlines, failures, show, timeline, fields):
        app.command()(command)
    for listing, decisions in ((agreements, cli_decisions.AGREEMENTS), (actors, cli_decisions.ACTORS)):
        group = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
        group.callback()(listing)
        for name, decision in decisions.items():
            group.command(name)(decision)
        app.add_typer(group, name=listing.__name__)
