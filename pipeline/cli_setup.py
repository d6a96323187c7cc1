"""The commands that look after servers: setup elasticsearch, setup kibana, and prune."""

from typing import Annotated

import typer

from pipeline.options import ConfigOption, StoreOption, fail, settings_for, user_errors

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


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this file to the command line."""
    app.add_typer(setup_app)
