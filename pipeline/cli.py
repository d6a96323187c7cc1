"""The command line: `pactwatch`. Commands only parse, call and print; heavy libraries load when one needs them."""

import datetime
import json
import logging
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import __version__, cli_listings, cli_setup
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


def _check_paths(paths: list[str]) -> None:
    from glob import has_magic

    for path in paths:
        if not has_magic(path) and not Path(path).exists():
            fail(f"{path}: no such file or folder")


def _run(settings: Any, paths: list[str], now: datetime.datetime, *, verbose: bool = False) -> Any:
    """Runs once with progress; Ctrl-C leaves at once, since whatever is unfinished stays pending in the store."""
    if verbose:
        logging.getLogger().setLevel(logging.INFO)
    from pipeline.progress import progress_display

    try:
        with progress_display() as progress:
            from pipeline.run import make_plan, run_once

            absolute = [os.path.abspath(path) for path in paths]  # noqa: PTH100 (a glob is no Path)
            return run_once(make_plan(settings, absolute, now), _beam_arguments, progress)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. What was not finished stays pending: run again to go on.\n")
        sys.stderr.flush()
        os._exit(EXIT_INTERRUPTED)  # the pipeline's threads cannot be told to stop; the store is safe at any moment


@app.command()
def run(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files, folders or globs; none: those of the settings.")
    ] = None,
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show Beam's own log.")] = False,
) -> None:
    """Take in articles, read them, and show what is new.

    Takes .txt, .md, .html, .json and .jsonl files, each also with .gz. Everything met before is passed over, so a
    run can be repeated, interrupted and started again without loss. What follows `--` goes to Apache Beam:

      pactwatch run articles/ -- --direct_num_workers=2 --direct_running_mode=multi_processing

    Exit codes: 0 done (also when single articles failed: see `pactwatch failures`), 1 the run failed, 2 wrong usage.
    """
    with user_errors():
        settings = settings_for(config, store)
        wanted = list(paths or settings.sources.folders)
        if not wanted:
            fail("nothing to take in: give files or folders, or list sources.folders in config/pactwatch.yaml")
        _check_paths(wanted)
        when = moment(now)
        report = _run(settings, wanted, when, verbose=verbose)
        from pipeline.report import print_report

        with opened_store(settings.store.url) as opened:
            print_report(opened, report, when.date())


@app.command()
def replay(
    ids: Annotated[list[str] | None, typer.Argument(help="Failures to try again; none: all of them.")] = None,
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """Send what failed through again."""
    from pipeline.replay import prepare_replay, settle_replayed

    with user_errors():
        settings = settings_for(config, store)
        when = moment(now)
        with opened_store(settings.store.url) as opened:
            replayed = prepare_replay(opened, ids or None)
        report = _run(settings, list(replayed.paths), when)
        from pipeline.report import print_report

        with opened_store(settings.store.url) as opened:
            settled = settle_replayed(opened, replayed, report.run)
            print_report(opened, report, when.date(), settled)


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
    explain: Annotated[bool, typer.Option(help="Show which rule found each piece of evidence.")] = False,
    config: ConfigOption = None,
) -> None:
    """Read articles without a store and print what is in them."""
    from pipeline.extract_files import extract as read
    from pipeline.extract_files import reading_json
    from pipeline.reading_view import print_reading

    with user_errors():
        settings = settings_for(config, None)
        when = moment(None)
        if published is not None:
            published = checked_date(published, "--published")
        failed = False
        for path in files:
            results = read(
                path,
                published=published,
                now=when,
                model=settings.nlp.model,
                gazetteer=settings.nlp.gazetteer,
                max_file_bytes=settings.ingest.max_file_bytes,
            )
            for result in results:
                if isinstance(result, str):
                    failed = True
                    typer.echo(result, err=True)
                    continue
                found = reading_json(*result, explain=explain)
                if output is Format.TABLE:
                    print_reading(found)
                else:
                    typer.echo(json.dumps(found, ensure_ascii=False))
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
    """Show what the store holds, what is pending or failed, and the last runs."""
    from pipeline.status import print_status, status_of

    with user_errors():
        settings = settings_for(config, store)
        with opened_store(settings.store.url) as opened:
            state = status_of(opened, settings.store.url)
        if output is Format.TABLE:
            print_status(state)
        else:
            typer.echo(json.dumps(state, ensure_ascii=False))


cli_listings.add_to(app)
cli_setup.add_to(app)


def main() -> None:
    """Runs the command line; what follows a lone `--` is kept for Apache Beam."""
    logging.getLogger().setLevel(logging.CRITICAL)  # Beam chatters from its import on; errors reach the user by us
    arguments = sys.argv[1:]
    if "--" in arguments and arguments[0] in {"run", "replay"}:
        cut = arguments.index("--")
        _beam_arguments[:] = arguments[cut + 1 :]
        arguments = arguments[:cut]
    try:
        app(args=arguments)
    except BrokenPipeError:  # the reader of a pipe (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
