"""The commands by which a person corrects what was computed: merge and split, of agreements and of actors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.options import ConfigOption, NowOption, StoreOption, moment, opened_store, settings_for, user_errors

type Decisions = dict[str, Callable[..., None]]

DECIDED = "decision"  # the run noted on what a decision makes anew


@contextmanager
def _deciding(store: str | None, config: Path | None, now: str | None) -> Iterator[tuple[Any, Any]]:
    """Opens the store for a decision; gives the store and the stamp to decide with."""
    from transforms.resolve.write_agreements import Stamp

    with user_errors(), opened_store(settings_for(config, store).store.url) as opened:
        yield opened, Stamp(run=DECIDED, now=moment(now))


def merge_agreements(
    agreements: Annotated[list[str], typer.Argument(metavar="ID ID...", help="Ids of agreements that are one.")],
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """Say that agreements are one: the oldest one's id stays, the others' lead to it."""
    from transforms.resolve.decide_agreements import merge_agreements as merge

    with _deciding(store, config, now) as (opened, stamp):
        typer.echo(merge(opened, agreements, stamp))


def split_agreement(
    agreement: Annotated[str, typer.Argument(metavar="ID", help="Of the agreement.")],
    articles: Annotated[
        list[str], typer.Argument(metavar="ARTICLE...", help="Ids of the articles that report another one.")
    ],
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """Say that some reports of an agreement are of another; `pactwatch show ID` lists its reports."""
    from transforms.resolve.decide_agreements import split_agreement as split

    with _deciding(store, config, now) as (opened, stamp):
        split(opened, agreement, articles, stamp)


def undo_agreement(
    agreement: Annotated[str, typer.Argument(metavar="ID", help="Of an agreement that was merged or split.")],
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """Take back what was decided of an agreement: what is computed counts again."""
    from transforms.resolve.decide_agreements import undo_agreement as undo

    with _deciding(store, config, now) as (opened, stamp):
        freed = undo(opened, agreement, stamp)
        typer.echo("nothing was decided of it" if not freed else f"{freed} mentions are free again", err=not freed)


def merge_actors(
    actor: Annotated[str, typer.Argument(metavar="ID", help="Of the actor that stays.")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Of the one that is the same.")],
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """Say that two actors are one: OTHER leads to ID, in everything stored and to come."""
    from transforms.index.decide_actors import merge_actor

    with _deciding(store, config, now) as (opened, stamp):
        merge_actor(opened, actor, other, stamp)


def split_actors(
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Of the actor that was merged into another.")],
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """Take back that an actor is the same as another."""
    from transforms.index.decide_actors import split_actor

    with _deciding(store, config, now) as (opened, stamp):
        split_actor(opened, other, stamp)


AGREEMENTS: Decisions = {"merge": merge_agreements, "split": split_agreement, "undo": undo_agreement}
ACTORS: Decisions = {"merge": merge_actors, "split": split_actors}
