"""The commands about alerts: what was told, what the rules say, and whether the channels work."""

import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

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

alerts_app = typer.Typer(help="List the alerts recorded, and send them again.", rich_markup_mode=None)
rules_app = typer.Typer(help="List, check and try the rules of config/alerts.yaml.", rich_markup_mode=None)
channels_app = typer.Typer(help="Try the channels of config/alerts.yaml.", rich_markup_mode=None)


@alerts_app.callback(invoke_without_command=True)
def alerts(
    context: typer.Context,
    since: Annotated[str | None, typer.Option(help="The first day (YYYY-MM-DD).")] = None,
    rule: Annotated[str | None, typer.Option(help="Only this rule's, by name.")] = None,
    limit: LimitOption = 50,
    output: FormatOption = Format.TABLE,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """List the alerts recorded, the newest first, and for each channel whether it was told: waiting, sent, failed."""
    if context.invoked_subcommand is not None:
        return
    from pipeline.alert_rows import ALERT_COLUMNS, alert_rows
    from pipeline.tables import print_rows

    with user_errors():
        if since is not None:
            checked_date(since, "--since")
        settings = settings_for(config, store)
        with opened_store(settings.store.url) as opened:
            found, total = alert_rows(opened, since, rule, limit or None)
        print_rows(found, ALERT_COLUMNS, output, "no alerts found", total)


@alerts_app.command()
def resend(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Alerts, by id.")],
    channel: Annotated[str | None, typer.Option(help="Only over this channel.")] = None,
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """Send alerts again, over all channels they were meant for, whether they arrived or not."""
    from pipeline.alerting import deliver_waiting
    from transforms.alert.alert import alert_from
    from transforms.alert.outbox import delivery_id, send_again
    from transforms.store.protocol import Collection

    with user_errors():
        settings = settings_for(config, store)
        when = moment(now)
        with opened_store(settings.store.url) as opened:
            found = opened.get(Collection.ALERTS, ids)
            missing = [key for key in ids if key not in found]
            if missing:
                fail(f"{missing[0]}: no alert has this id; `pactwatch alerts` lists ids in the last column")
            wanted = [
                delivery_id(key, name)
                for key in ids
                for name in alert_from(found[key]).channels
                if channel in (None, name)
            ]
            again = send_again(opened, wanted, when)
        if not again:
            fail("these alerts were never on their way: kept quiet, or not meant for that channel")
        _tell_troubles(deliver_waiting(settings, when, "resend"))


def _tell_troubles(troubles: list[str]) -> None:
    for trouble in troubles:
        typer.echo(trouble, err=True)
    if troubles:
        raise typer.Exit(1)


def _loaded(config: Path | None, store: str | None) -> tuple[Any, Any]:
    from pipeline.alerting import load_rules

    settings = settings_for(config, store)
    return settings, load_rules(settings)


@rules_app.command("list")
def list_rules(
    output: FormatOption = Format.TABLE,
    store: StoreOption = None,
    config: ConfigOption = None,
) -> None:
    """List the rules, with when each was made (first loaded by a run) and how many alerts it gave."""
    from pipeline.alert_rows import RULE_COLUMNS, rule_rows
    from pipeline.tables import print_rows

    with user_errors():
        settings, alerts_file = _loaded(config, store)
        if Path(settings.store.url.removeprefix("sqlite:///")).exists() or "sqlite" not in settings.store.url:
            with opened_store(settings.store.url) as opened:
                found = rule_rows(alerts_file.rules, opened)
        else:
            found = rule_rows(alerts_file.rules, None)
        print_rows(found, RULE_COLUMNS, output, f"no rules in {settings.alerts.file}")


@rules_app.command()
def check(config: ConfigOption = None) -> None:
    """Check the rules' file: says how many rules and channels there are, or what is wrong and in which line."""
    with user_errors():
        settings, alerts_file = _loaded(config, None)
        off = len(alerts_file.rules) - len(alerts_file.enabled)
        counts = f"{len(alerts_file.rules)} rules ({off} switched off), {len(alerts_file.channels)} channels"
        typer.echo(f"{settings.alerts.file}: {counts}")


@rules_app.command("test")
def try_rules(
    since: Annotated[str | None, typer.Option(help="Only what was published from this day on (YYYY-MM-DD).")] = None,
    rule: Annotated[str | None, typer.Option(help="Only this rule, by name; also one that is switched off.")] = None,
    output: FormatOption = Format.TABLE,
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """Show what each rule would have told of all that is stored, with the reason; nothing is sent or recorded.

    The last column says what kept an alert from being told: older than max_age, or before the rule was made.
    """
    from pipeline.alert_rows import TEST_COLUMNS, would_alert
    from pipeline.alerting import rulebook
    from pipeline.tables import print_rows

    with user_errors():
        first = moment(checked_date(since, "--since")) if since else None
        settings, alerts_file = _loaded(config, store)
        chosen = _chosen(alerts_file.enabled if rule is None else alerts_file.rules, rule)
        book = rulebook(settings, chosen)
        with opened_store(settings.store.url) as opened:
            found = list(would_alert(opened, book, first, moment(now)))
        print_rows(found, TEST_COLUMNS, output, "no rule matches anything")


@rules_app.command("backfill")
def backfill_rules(
    rule: Annotated[str | None, typer.Option(help="Only this rule, by name.")] = None,
    store: StoreOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
) -> None:
    """Let rules see what was taken in before they were made, too: records what they match, and sends it.

    Otherwise a rule tells only of what is taken in after a run first loaded it. Its max_age holds here as well;
    `pactwatch rules test` shows beforehand what comes.
    """
    from pipeline.alerting import deliver_waiting, rulebook
    from transforms.alert.match_changes import match_stored

    with user_errors():
        settings, alerts_file = _loaded(config, store)
        chosen = _chosen(alerts_file.enabled, rule)
        when = moment(now)
        with opened_store(settings.store.url) as opened:
            told = match_stored(opened, rulebook(settings, chosen, backfill=True), when)
        typer.echo(f"{told} new {'alert' if told == 1 else 'alerts'}")
        _tell_troubles(deliver_waiting(settings, when, "backfill"))


def _chosen(rules: Any, name: str | None) -> Any:
    chosen = tuple(one for one in rules if name in (None, one.name))
    if name is not None and not chosen:
        fail(f"--rule {name}: no rule has this name; `pactwatch rules list` lists them")
    return chosen


@channels_app.command("test")
def try_channels(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME...", help="Channels; none: all of them.")] = None,
    config: ConfigOption = None,
) -> None:
    """Send a trial message over channels; the exit code is 1 when one does not take it."""
    from transforms.alert.trial import try_channel

    with user_errors():
        _, alerts_file = _loaded(config, None)
        known = {channel.name: channel for channel in alerts_file.channels}
        for name in names or []:
            if name not in known:
                fail(f"{name}: no channel has this name; there are {', '.join(known) or 'none'}")
        troubles = []
        for name in names or list(known):
            error = try_channel(known[name], datetime.datetime.now(datetime.UTC))
            typer.echo(f"channel {name}: {error or 'took the trial message'}", err=error is not None)
            troubles += [error] if error else []
        if troubles:
            raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this file to the command line."""
    app.add_typer(alerts_app, name="alerts")
    app.add_typer(rules_app, name="rules", no_args_is_help=True)
    app.add_typer(channels_app, name="channels", no_args_is_help=True)
