"""The commands that look after servers: setup elasticsearch, setup kibana, and prune."""

import datetime
from typing import Annotated

import typer

from pipeline.options import (
    ConfigOption,
    NowOption,
    StoreOption,
    fail,
    moment,
    opened_store,
    settings_for,
    user_errors,
)

setup_app = typer.Typer(
    name="setup", help="Prepare Elasticsearch and Kibana for Pactwatch.", no_args_is_help=True, rich_markup_mode=None
)
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
SETUP_SECONDS = 60.0  # how long a request waits for a server that is only starting


@setup_app.command("elasticsearch")
def setup_elasticsearch(
    dry_run: DryRunOption = False,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """Make or upgrade the templates and indices of an Elasticsearch store.

    Says what it changes. Documents are never dropped: where mappings change, they are copied into a new index, the
    alias moves there, and the old index stays, read-only. Shards and replicas of your own belong into the component
    template PREFIX-custom, which Pactwatch never writes.
    """
    with user_errors():
        url = settings_for(config, store).store.url
        if url.startswith("sqlite:"):
            fail(f"{url} needs no setup: name an Elasticsearch store with --store elasticsearch://HOST:9200")
        from transforms.store.elasticsearch.address import parse_address
        from transforms.store.elasticsearch.link import Link
        from transforms.store.elasticsearch.setup import plan_setup

        link = Link(parse_address(url), patience_seconds=SETUP_SECONDS)
        steps = plan_setup(link)
        for step in steps:
            typer.echo(f"{'would ' if dry_run else ''}{step.told}")
            if not dry_run:
                step.make()
        link.close()
        if not steps:
            typer.echo("Nothing to change.")


@setup_app.command("kibana")
def setup_kibana(
    url: Annotated[
        str, typer.Option(help="Kibana's URL, http(s)://[user@]host:5601[/s/SPACE].")
    ] = "http://localhost:5601",
    dry_run: DryRunOption = False,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """Import data views, saved searches and dashboards into Kibana, in place of those with the same ids.

    Secrets come from the environment, as for the store. The same objects are in config/kibana/pactwatch.ndjson, for
    Kibana's own page: Stack Management, Saved Objects, Import.
    """
    from pipeline.kibana import import_objects
    from pipeline.kibana_objects import ndjson, saved_objects
    from transforms.store.elasticsearch.address import DEFAULT_PREFIX, parse_address

    with user_errors():
        of_store = settings_for(config, store).store.url
        prefix = DEFAULT_PREFIX if of_store.startswith("sqlite:") else parse_address(of_store).prefix
        if dry_run:
            for each in saved_objects(prefix):
                typer.echo(f"would import {each['type']} {each['attributes']['title']}")
            return
        typer.echo(f"imported {import_objects(url, ndjson(prefix))} objects")


def prune(
    older_than: Annotated[str, typer.Option("--older-than", help="Days (365d) or a date (YYYY-MM-DD).")],
    where: Annotated[
        list[str] | None,
        typer.Option("--in", help="agreements, articles, failures, runs or alerts; repeatable."),
    ] = None,
    dry_run: DryRunOption = False,
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """Forget what is old: articles, ended agreements, their alerts, failures and runs.

    Open agreements and the articles that report them are kept, however old: an agreement is open until reports say
    that it was rejected, expired or collapsed, and its last deadline has passed. What was pruned is not taken in again.
    An alert is kept while the agreement or article it tells of is, and while it waits for a channel, so that nothing is
    told twice.
    """
    from pipeline.prune import PRUNED
    from pipeline.prune import prune as forget

    with user_errors():
        names = {collection.value: collection for collection in PRUNED}
        for name in where or ():
            if name not in names:
                fail(f"--in {name}: expected one of {', '.join(names)}")
        before = _before(older_than, moment(now))
        chosen = tuple(names[name] for name in dict.fromkeys(where or names))
        with opened_store(settings_for(config, store).store.url) as opened:
            pruned = forget(opened, before, chosen, dry_run=dry_run)
        for collection, count in pruned.counts.items():
            typer.echo(f"{'would remove' if dry_run else 'removed'} {count} {collection.value}")


def _before(text: str, now: datetime.datetime) -> datetime.datetime:
    """Returns the moment before which things are old."""
    if text.endswith("d") and text[:-1].isdecimal():
        try:
            return now - datetime.timedelta(days=int(text[:-1]))
        except OverflowError:
            return datetime.datetime.min.replace(tzinfo=datetime.UTC)
    try:
        return datetime.datetime.combine(datetime.date.fromisoformat(text), datetime.time(), datetime.UTC)
    except ValueError:
        fail(f"--older-than {text}: expected days such as 365d, or a date such as 2024-01-31")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this file to the command line."""
    app.add_typer(setup_app)
    app.command()(prune)
