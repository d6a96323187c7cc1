"""The command line: `pactwatch`. Commands only parse, call and print; heavy libraries load when one needs them."""

import datetime
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import __version__, cli_alerts, cli_listings, cli_setup, cli_watch
from pipeline.cli_feeds import PrivateOption, feeds_app
from pipeline.cli_watch import BackfillOption, LogFormat, LogFormatOption, PollOption, StreamOption
from pipeline.options import (
    ConfigOption,
    FormatOption,
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

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells count it

app = typer.Typer(
    name="pactwatch",
    help="Watches the news for agreements, the actors behind them and the deadlines they set.\n\n"
    "Start with: pactwatch init . && pactwatch run && pactwatch deadlines",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
_beam_arguments: list[str] = []


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"pactwatch {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Takes the options that stand before any command."""


def _check_paths(paths: Sequence[str]) -> None:
    from glob import has_magic

    for path in paths:
        if not has_magic(path) and not Path(path).exists():
            fail(f"{path}: no such file or folder")


def _extracted(files: list[str], settings: Any, published: str | None) -> Iterator[Any]:
    from pipeline.extract_files import extract as read

    for path in files:
        yield from read(
            path,
            published=published,
            now=moment(None),
            model=settings.nlp.model,
            gazetteer=settings.nlp.gazetteer,
            max_file_bytes=settings.ingest.max_file_bytes,
        )


def _check_page(page: Path, files: list[str], output: Format) -> None:
    """Refuses, before anything is read, a page that could not be written or would take the place of an article."""
    if output is not Format.TABLE:
        fail(f"--html and --format {output} exclude each other: ask for one, then for the other")
    if page.suffix.lower() not in {".html", ".htm"}:
        fail(f"--html {page}: expected the name of the page to write, such as report.html")
    if page.is_dir() or not page.parent.is_dir():
        fail(f"--html {page}: expected a file in a folder that is there")
    if page.resolve() in {Path(file).resolve() for file in files}:
        fail(f"--html {page}: is one of the articles; the page would take its place")


def _draw(page: Path, articles: list[Any], *, explain: bool) -> None:
    from pipeline.page.draw import draw_articles

    if articles:
        draw_articles(page, articles, explain=explain)
        typer.echo(f"wrote {page}: {len(articles)} {'article' if len(articles) == 1 else 'articles'}")
    else:
        typer.echo(f"{page}: not written, for none of the files could be read", err=True)


@contextmanager
def _progress(*, verbose: bool) -> Iterator[Any]:
    """Shows progress; Ctrl-C leaves at once, since whatever is unfinished stays pending in the store."""
    if verbose:
        logging.getLogger().setLevel(logging.INFO)
    from pipeline.progress import progress_display

    try:
        with progress_display() as progress:
            yield progress
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. What was not finished stays pending: run again to go on.\n")
        sys.stderr.flush()
        os._exit(EXIT_INTERRUPTED)  # the pipeline's threads cannot be told to stop; the store is safe at any moment


def _run(settings: Any, sources: Any, now: datetime.datetime, *, verbose: bool = False, afresh: bool = False) -> Any:
    """Runs once over files and feeds."""
    with _progress(verbose=verbose) as progress:
        from pipeline.run import make_plan, run_once
        from pipeline.runner import shards_of

        shards = shards_of(_beam_arguments)
        plan = make_plan(
            settings, sources.paths, now, feeds=sources.feeds, due_only=sources.due_only, afresh=afresh, shards=shards
        )
        return run_once(plan, _beam_arguments, progress)


def _backfill(settings: Any, sources: Any, now: str | None, *, verbose: bool) -> Any:
    """Takes in old news, portion by portion."""
    if not sources.due_only and sources.feeds:
        fail("--backfill takes files and folders: a feed has no old news")
    with _progress(verbose=verbose) as progress:
        from pipeline.backfill import run_backfill

        return run_backfill(settings, sources.paths, lambda: moment(now), _beam_arguments, progress)


def _deliver(settings: Any, when: datetime.datetime, run_id: str) -> None:
    """Sends what waits in the outbox; troubles are told on standard error, and what waits goes with the next run."""
    from pipeline.alerting import deliver_waiting

    for trouble in deliver_waiting(settings, when, run_id):
        typer.echo(trouble, err=True)


@app.command()
def run(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders, globs, or addresses of feeds; none: folders and feeds of the settings."),
    ] = None,
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show Beam's own log.")] = False,
    allow_private_hosts: PrivateOption = False,
    backfill: BackfillOption = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on taking in what is new, until stopped.")] = False,
    stream: StreamOption = False,
    poll_seconds: PollOption = None,
    log_format: LogFormatOption = LogFormat.TEXT,
) -> None:
    """Take in articles, read them, show what is new, and tell of what the rules in config/alerts.yaml ask for.

    Takes .txt, .md, .html, .json, .jsonl, .warc and .urls files, each also with .gz, and feeds (RSS, Atom, RDF, JSON
    Feed): those of config/feeds.yaml that are due, or those given by their addresses, at once. Everything met before is
    passed over, so a run can be repeated, interrupted and started again. What follows `--` goes to Apache Beam:

      pactwatch run articles/ -- --direct_num_workers=2 --direct_running_mode=multi_processing

    With --backfill it takes in old news from archives (.warc, .jsonl, .urls: a list of addresses) and folders, portion
    by portion: it goes on where it was stopped, and what it takes in is marked, so that nobody is alerted to it.

    With --watch it looks again and again for new and changed files, and tells each look in one line on standard error;
    Ctrl-C or SIGTERM ends it within ten seconds. `pactwatch status` shows from another terminal how it goes.

    With --stream it goes on without end on a cluster, and the store is an Elasticsearch; so does a run without it:

      pactwatch run --stream -- --runner=PortableRunner --job_endpoint=HOST:8099 --environment_type=EXTERNAL ...

    Exit codes: 0 done (also when single articles failed: see `pactwatch failures`), 1 the run failed, 2 wrong usage,
    130 stopped by Ctrl-C in the middle (143 by SIGTERM): what was not finished stays pending.
    """
    with user_errors():
        from pipeline.sources import sources_of

        settings = settings_for(config, store, poll_seconds=poll_seconds, allow_private_hosts=allow_private_hosts)
        sources = sources_of(settings, paths or [])
        if not (sources.paths or sources.feeds):
            fail("nothing to take in: give files, folders or feeds, or list sources.folders in config/pactwatch.yaml")
        _check_paths(sources.paths)
        endless = "--watch" if watch else "--stream"
        if (watch or stream) and backfill:
            fail(f"--backfill ends when all is taken in, {endless} does not end: choose one")
        if watch and stream:
            fail("--watch runs on this machine, --stream on a cluster: choose one")
        from pipeline.runner import check_distributed

        check_distributed(_beam_arguments, settings.store.url, is_endless=stream)
        if stream:
            cli_watch.stream(settings, paths or [], now, log_format, _beam_arguments)
            return
        if watch:
            cli_watch.watch(settings, paths or [], now, log_format, _beam_arguments)
            return
        when = moment(now)
        if backfill:
            report = _backfill(settings, sources, now, verbose=verbose)
        else:
            report = _run(settings, sources, when, verbose=verbose)
        from pipeline.report import print_report

        with opened_store(settings.store.url) as opened:
            print_report(opened, report, when.date())
        _deliver(settings, when, report.run)


@app.command()
def replay(
    ids: Annotated[list[str] | None, typer.Argument(help="Failures to try again; none: all of them.")] = None,
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """Send what failed through again."""
    from pipeline.replay import prepare_replay, replayed_sources, settle_replayed
    from pipeline.runner import check_distributed

    with user_errors():
        settings = settings_for(config, store)
        when = moment(now)
        check_distributed(_beam_arguments, settings.store.url)
        with opened_store(settings.store.url) as opened:
            replayed = prepare_replay(opened, ids or None, when)
        report = _run(settings, replayed_sources(settings, replayed), when, afresh=True)
        from pipeline.report import print_report

        with opened_store(settings.store.url) as opened:
            settled = settle_replayed(opened, replayed, report.run)
            print_report(opened, report, when.date(), settled)
        _deliver(settings, when, report.run)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where to put config/ and seeds/.")] = Path(),
) -> None:
    """Put the settings and the seed articles into a folder, ready for `pactwatch run` there."""
    from pipeline.init import copy_shipped

    with user_errors():
        for path, written in copy_shipped(folder):
            typer.echo(f"{'wrote' if written else 'kept '} {path}")
        typer.echo(f"Now: cd {folder} && pactwatch run" if folder != Path() else "Now: pactwatch run")


@app.command()
def extract(
    files: Annotated[list[str], typer.Argument(help="Articles, in any form that `pactwatch run` takes.")],
    published: Annotated[
        str | None, typer.Option(help="Publication date (YYYY-MM-DD or RFC 3339); overrides the files' own.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="table, or json: one object a line.")] = Format.TABLE,
    html: Annotated[
        Path | None,
        typer.Option(metavar="OUT.html", help="Draw the articles on one self-contained page instead of printing them."),
    ] = None,
    explain: Annotated[bool, typer.Option(help="Show which rule found each piece of evidence.")] = False,
    config: ConfigOption = None,
) -> None:
    """Read articles without a store and print what is in them, or draw them on a page.

    With --html everything is in the one file it writes: article, marks, timeline, agreements and actors. It asks
    nothing of any server and runs no script, so it can be mailed or put on any site.
    """
    from pipeline.extract_files import reading_json
    from pipeline.reading_view import print_reading

    with user_errors():
        settings = settings_for(config, None)
        if html is not None:
            _check_page(html, files, output)
        failed = False
        drawn: list[Any] = []
        for result in _extracted(
            files, settings, None if published is None else checked_date(published, "--published")
        ):
            if isinstance(result, str):
                failed = True
                typer.echo(result, err=True)
            elif html is not None:
                drawn.append(result)
            elif output is Format.TABLE:
                print_reading(reading_json(result.article, result.reading, explain=explain))
            else:
                found = reading_json(result.article, result.reading, explain=explain)
                typer.echo(json.dumps(found, ensure_ascii=False))
        if html is not None:
            _draw(html, drawn, explain=explain)
        if failed:
            raise typer.Exit(EXIT_FAILED)


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(help="A gold folder: gold.yaml and the texts it names.")],
    output: Annotated[Format, typer.Option("--format", help="table or json.")] = Format.TABLE,
    config: ConfigOption = None,
) -> None:
    """Score the reader against articles read by hand, and list every miss and false alarm."""
    from pipeline.evaluate import read_all, score
    from pipeline.gold import read_gold
    from transforms.extract.model import load_reader

    with user_errors():
        settings = settings_for(config, None)
        gold = read_gold(folder)
        report = score(gold, read_all(gold, load_reader(settings.nlp.model, settings.nlp.gazetteer)))
        if output is Format.TABLE:
            typer.echo("\n".join(report.lines()))
        else:
            typer.echo(json.dumps(report.to_json(), ensure_ascii=False))


@app.command()
def export(
    canonical: Annotated[
        bool, typer.Option(help="Leave out ids given by order and clock fields: equal for equal contents.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="A file instead of standard output.")] = None,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """Write out articles, actors, agreements and deadlines, one JSON object a line."""
    from pipeline.export import export_lines

    with user_errors():
        settings = settings_for(config, store)
        with opened_store(settings.store.url) as opened:
            lines = (line + "\n" for line in export_lines(opened, canonical=canonical))
            if out is None:
                sys.stdout.writelines(lines)
            else:
                with out.open("w", encoding="utf-8") as file:
                    file.writelines(lines)


@app.command()
def status(
    output: FormatOption = Format.TABLE,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """Show what the store holds, what is pending or failed, the last runs, and how `run --watch` goes."""
    from pipeline.status import print_status, status_of

    with user_errors():
        settings = settings_for(config, store)
        with opened_store(settings.store.url) as opened:
            now = moment(None)
            state = status_of(opened, settings.store.url, now)
        if output is Format.TABLE:
            print_status(state, now)
        else:
            typer.echo(json.dumps(state, ensure_ascii=False))


cli_listings.add_to(app)
app.add_typer(feeds_app)
cli_setup.add_to(app)
cli_alerts.add_to(app)


def main() -> None:
    """Runs the command line; what follows a lone `--` is kept for Apache Beam."""
    logging.getLogger().setLevel(logging.CRITICAL)  # Beam chatters from its import on; errors reach the user by us
    arguments = sys.argv[1:]
    _beam_arguments.clear()
    if "--" in arguments and arguments[0] in {"run", "replay"}:
        cut = arguments.index("--")
        _beam_arguments[:] = arguments[cut + 1 :]
        arguments = arguments[:cut]
    try:
        app(args=arguments)
    except BrokenPipeError:  # the reader of a pipe (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
