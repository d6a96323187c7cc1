"""The commands about feeds: list, add, remove, check, import and export."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.options import (
    ConfigOption,
    FormatOption,
    StoreOption,
    fail,
    moment,
    opened_store,
    settings_for,
    user_errors,
)
from pipeline.tables import Format

EXIT_FAILED = 1
NO_FEEDS = "no feeds yet: pactwatch feeds add URL"

feeds_app = typer.Typer(
    name="feeds",
    help="List, add, remove and check feeds. The list is config/feeds.yaml, which you may also edit by hand.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
PrivateOption = Annotated[
    bool, typer.Option("--allow-private-hosts", help="Also ask hosts of private, loopback and link-local networks.")
]


def _feeds_file(settings: Any) -> Any:
    from pipeline.feeds_file import FeedsFile

    return FeedsFile(Path(settings.sources.feeds))


@contextmanager
def _fetcher(settings: Any, allow_private_hosts: bool) -> Iterator[Any]:
    import dataclasses

    from transforms.ingest.fetch import Fetcher

    limits = settings.fetch.limits()
    if allow_private_hosts:
        limits = dataclasses.replace(limits, allow_private_hosts=True)
    fetcher = Fetcher(limits)
    try:
        yield fetcher
    finally:
        fetcher.close()


@contextmanager
def _store_if_any(url: str) -> Iterator[Any]:
    path = url.removeprefix("sqlite:///")
    if path != url and not Path(path).exists():
        yield None
        return
    with opened_store(url) as store:
        yield store


@feeds_app.command("list")
def list_feeds(output: FormatOption = Format.TABLE, store: StoreOption = None, config: ConfigOption = None) -> None:
    """List feeds with their health: last success, last new item, failures in a row, next poll.

    The other formats also have the outcomes of the last polls.
    """
    from pipeline.feeds_view import COLUMNS, feed_rows
    from pipeline.tables import print_rows

    with user_errors():
        settings = settings_for(config, store)
        feeds = _feeds_file(settings).feeds
        with _store_if_any(settings.store.url) as opened:
            rows = feed_rows(feeds, opened)
        print_rows(rows, COLUMNS, output, NO_FEEDS)


def _headers(headers: list[str]) -> tuple[tuple[str, str], ...]:
    parted = [header.partition(":") for header in headers]
    for header, (name, mark, value) in zip(headers, parted, strict=True):
        if not mark or not name.strip().replace("-", "").isalnum() or "\n" in value:
            fail(f"--header {header!r}: expected NAME: VALUE")
    return tuple((name.strip(), value.strip()) for name, _, value in parted)


def _check_address(url: str) -> None:
    from pipeline.sources import is_address

    if not is_address(url):
        fail(f"{url}: expected an address that begins with http:// or https://")


@feeds_app.command("add")
def add_feed(
    url: Annotated[str, typer.Argument(help="A feed, or a page that names one.")],
    name: Annotated[str | None, typer.Option(help="Who publishes it; default: what the feed calls itself.")] = None,
    interval: Annotated[
        int | None, typer.Option("--interval", min=1, help="Poll every so many seconds; default: adapted.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Of its articles (en); default: detected.")] = None,
    full_text: Annotated[bool, typer.Option(help="Fetch the pages of its entries.")] = True,
    header: Annotated[list[str] | None, typer.Option(help="'NAME: VALUE', sent to its host; may be repeated.")] = None,
    allow_private_hosts: PrivateOption = False,
    config: ConfigOption = None,
) -> None:
    """Add a feed to the list, after a look at it; of a home page the feed that it names is added."""
    from pipeline.feeds_check import FeedCheckError, check_feed, feed_addresses
    from transforms.ingest.feeds.records import Feed
    from transforms.ingest.language import language_code

    with user_errors():
        _check_address(url)
        settings = settings_for(config, None)
        listed = _feeds_file(settings)
        try:
            language = language_code(language) if language else None
        except LookupError:
            fail(f"--language {language}: expected a code such as en")
        feed = Feed(
            url=url, name=name, interval_seconds=interval, language=language, full_text=full_text,
            headers=_headers(header or []),
        )  # fmt: skip
        with _fetcher(settings, allow_private_hosts) as fetcher:
            try:
                found, others = check_feed(fetcher, feed, moment(None)), []
            except FeedCheckError as error:
                if "no feed" not in str(error):
                    raise
                first, *others = feed_addresses(fetcher, url)
                feed = _at(feed, first)
                found = check_feed(fetcher, feed, moment(None))
        feed = _named(feed, found)
        if not listed.add([feed]):
            fail(f"{feed.url} is listed already")
        typer.echo(f"added {feed.url} ({feed.name or 'no name'}, {_entries(found.entries)})")
        for other in others:
            typer.echo(f"the page also names {other}")


def _at(feed: Any, url: str) -> Any:
    import dataclasses

    return dataclasses.replace(feed, url=url)


def _named(feed: Any, found: Any) -> Any:
    import dataclasses

    return dataclasses.replace(feed, url=found.moved_to or feed.url, name=feed.name or found.title)


@feeds_app.command("remove")
def remove_feed(
    name: Annotated[str, typer.Argument(metavar="URL|NAME", help="Of the feed.")],
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """Remove a feed from the list; its articles stay, and what it held is still known if it is added again."""
    from transforms.store.protocol import Collection

    with user_errors():
        settings = settings_for(config, store)
        removed = _feeds_file(settings).remove(name)
        if not removed:
            fail(f"{name}: no feed has this address or name; `pactwatch feeds list` shows them")
        with _store_if_any(settings.store.url) as opened:
            if opened is not None:
                opened.delete(Collection.FEEDS, [feed.id for feed in removed])
        for feed in removed:
            typer.echo(f"removed {feed.url}")


@feeds_app.command("check")
def check_feeds(
    urls: Annotated[list[str] | None, typer.Argument(help="Feeds, listed or not; none: all that are listed.")] = None,
    allow_private_hosts: PrivateOption = False,
    config: ConfigOption = None,
) -> None:
    """Ask feeds now and say what they hold, without taking anything in. Exit code 1 if one cannot be used."""
    from pipeline.feeds_check import FeedCheckError, check_feed
    from transforms.ingest.feeds.records import Feed

    with user_errors():
        settings = settings_for(config, None)
        listed = {feed.url: feed for feed in _feeds_file(settings).feeds}
        for url in urls or ():
            _check_address(url)
        if not (urls or listed):
            typer.echo(NO_FEEDS, err=True)
        wanted = [listed.get(url, Feed(url=url)) for url in urls] if urls else list(listed.values())
        failed = False
        with _fetcher(settings, allow_private_hosts) as fetcher:
            for feed in wanted:
                try:
                    typer.echo(_told(check_feed(fetcher, feed, moment(None))))
                except FeedCheckError as error:
                    failed = True
                    typer.echo(f"FAILED {error}")
        if failed:
            raise typer.Exit(EXIT_FAILED)


def _entries(count: int) -> str:
    return "no entries yet" if not count else "1 entry" if count == 1 else f"{count:,} entries"


def _told(found: Any) -> str:
    parts = [_entries(found.entries)]
    parts += [f"newest {found.newest}"] if found.newest else []
    parts += [f"{found.undated} without a date"] if found.undated else []
    parts += [f"{found.unlinked} without a page"] if found.unlinked else []
    parts += [f"moved to {found.moved_to}"] if found.moved_to else []
    return f"ok     {found.url}: {', '.join(parts)}"


@feeds_app.command("import")
def import_feeds(
    opml: Annotated[str, typer.Argument(help="A file, or the address of one, that a feed reader exported.")],
    allow_private_hosts: PrivateOption = False,
    config: ConfigOption = None,
) -> None:
    """Add the feeds of an OPML file to the list; those listed already are passed over."""
    from pipeline.opml import read_opml
    from transforms.ingest.fetch import expect_success

    with user_errors():
        settings = settings_for(config, None)
        if opml.startswith(("http://", "https://")):
            with _fetcher(settings, allow_private_hosts) as fetcher:
                data = expect_success(fetcher.get(opml)).body
        else:
            try:
                data = Path(opml).read_bytes()
            except OSError as error:
                fail(f"{opml}: cannot be read: {error.strerror}")
        feeds, unusable = read_opml(data, opml)
        added = _feeds_file(settings).add(feeds)
        told = f", {unusable} without an http or https address" if unusable else ""
        typer.echo(f"{len(added)} added, {len(feeds) - len(added)} listed already{told}")


@feeds_app.command("export")
def export_feeds(
    out: Annotated[Path | None, typer.Option(help="A file instead of standard output.")] = None,
    config: ConfigOption = None,
) -> None:
    """Write the list as OPML, for feed readers. Headers, which may hold passwords, stay out."""
    from pipeline.opml import write_opml

    with user_errors():
        written = write_opml(_feeds_file(settings_for(config, None)).feeds)
        if out is None:
            sys.stdout.write(written)
        else:
            out.write_text(written, encoding="utf-8")
