import datetime
import threading
from pathlib import Path

import pytest

from tests.alert.make_alerts import an_alert, later, on_both_stores, put_out
from tests.make import NOW
from tests.receivers import hook, mail_server
from transforms.alert.channels import webhook
from transforms.alert.channels.channel import AppriseSettings, ChannelSettings, JsonlSettings, WebhookSettings
from transforms.alert.deliver import Delivered, Deliverer
from transforms.alert.outbox import STAGE
from transforms.alert.rule import Digest, Every
from transforms.store.protocol import Collection, Store

pytestmark = pytest.mark.integration


def deliver(store_url: str, now: datetime.datetime, *channels: ChannelSettings) -> dict[str, Delivered]:
    """Runs one round in which nothing is waited for."""
    deliverer = Deliverer(store_url, channels, "run")
    deliverer.start(lambda: now, 0)
    return {result.channel: result for result in deliverer.wait(30)}


def to(server_url: str, name: str = "hook", secret: str | None = None) -> WebhookSettings:
    return WebhookSettings(name=name, url=server_url, secret=secret)


def states(store: Store) -> set[str]:
    return {row.body["state"] for row in store.scan(Collection.DELIVERIES)}


@on_both_stores
def test_alerts_arrive_once_and_in_order(store: Store, store_url: str) -> None:
    ids = put_out(store, *map(an_alert, range(5)))
    with hook() as server:
        assert deliver(store_url, NOW, to(server.url))["hook"].sent == 5
        assert deliver(store_url, NOW, to(server.url))["hook"].sent == 0
    assert server.ids == ids
    assert states(store) == {"sent"}


@on_both_stores
def test_receiver_that_fails_hears_everything_in_order_when_it_is_back(store: Store, store_url: str) -> None:
    ids = put_out(store, *map(an_alert, range(4)))
    with hook(lambda number: (500, {}) if number in {1, 2} else (200, {})) as server:
        first = deliver(store_url, NOW, to(server.url))["hook"]
        assert (first.sent, first.error) == (1, "the receiver answered 500")
        assert deliver(store_url, NOW, to(server.url))["hook"].sent == 0, "left alone for its pause"
        deliver(store_url, later(minutes=1), to(server.url))
        assert deliver(store_url, later(minutes=2), to(server.url))["hook"].sent == 3
    assert server.ids == ids
    assert len(server.requests) == 6


def test_retry_after_is_heeded(store: Store, store_url: str) -> None:
    put_out(store, an_alert())
    with hook(lambda number: (429, {"Retry-After": "600"}) if number == 0 else (200, {})) as server:
        deliver(store_url, NOW, to(server.url))
        deliver(store_url, later(seconds=599), to(server.url))
        assert len(server.requests) == 1
        deliver(store_url, later(seconds=601), to(server.url))
    assert len(server.ids) == 1


def test_pause_within_a_round_is_waited_for(store: Store, store_url: str) -> None:
    put_out(store, an_alert())
    began = datetime.datetime.now(datetime.UTC)
    with hook(lambda number: (503, {}) if number == 0 else (200, {})) as server:
        deliverer = Deliverer(store_url, [to(server.url)], "run")
        deliverer.start(lambda: NOW + (datetime.datetime.now(datetime.UTC) - began), 10)
        [result] = deliverer.wait(30)
    assert result.sent == 1
    assert len(server.requests) == 2


def test_dead_and_hanging_channels_delay_no_other(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "ANSWER_SECONDS", 1.0)
    names = ("hanging", "down", "up", "mail")
    ids = put_out(store, *(an_alert(n, channels=names) for n in range(3)))
    released = threading.Event()

    def hang(number: int) -> tuple[int, dict[str, str]]:
        if number == 0:
            released.wait(20)
            return 500, {}
        return 200, {}

    with hook(hang) as hanging, hook() as up, mail_server() as (mailbox, address):
        channels = (
            to(hanging.url, "hanging"),
            to("http://127.0.0.1:9/", "down"),  # the discard port: nobody listens
            to(up.url, "up"),
            AppriseSettings(name="mail", url=address),
        )
        results = deliver(store_url, NOW, *channels)
        assert up.ids == ids
        assert len(mailbox.mails) == 3
        assert results["hanging"].error == "the receiver did not answer in time"
        assert results["down"].error == "the receiver cannot be reached: ConnectError"
        released.set()
        again = (to(hanging.url, "hanging"), to(up.url, "down"), to(up.url, "up"))
        deliver(store_url, later(hours=1), *again)
        assert hanging.ids == ids
        assert up.ids == ids + ids, "once by its own channel, once by the one that was down"


@on_both_stores
def test_refused_alert_goes_to_failures_and_lets_the_next_pass(store: Store, store_url: str) -> None:
    _, second = put_out(store, an_alert(0), an_alert(1))
    with hook(lambda number: (422, {}) if number == 0 else (200, {})) as server:
        result = deliver(store_url, NOW, to(server.url))["hook"]
    assert (result.sent, result.given_up) == (1, 1)
    assert server.ids == [second]
    [failure] = store.scan(Collection.FAILURES)
    assert failure.body["stage"] == STAGE
    assert failure.body["error"] == "the receiver answered 422"


@on_both_stores
def test_channel_dead_for_days_gives_up_into_failures(store: Store, store_url: str) -> None:
    put_out(store, an_alert())
    dead = to("http://127.0.0.1:9/")
    deliver(store_url, NOW, dead)
    deliver(store_url, later(days=2), dead)
    assert states(store) == {"waiting"}
    deliver(store_url, later(days=4), dead)
    assert states(store) == {"failed"}
    assert store.count(Collection.FAILURES) == 1


def test_mail_that_is_refused_for_now_comes_later(store: Store, store_url: str) -> None:
    put_out(store, an_alert(channels=("mail",)))
    with mail_server() as (mailbox, address):
        mailbox.refuses = True
        channel = AppriseSettings(name="mail", url=address)
        assert deliver(store_url, NOW, channel)["mail"].error is not None
        mailbox.refuses = False
        deliver(store_url, later(minutes=1), channel)
    [mail] = mailbox.mails
    assert "Truce number 0" in str(mail["Subject"])


@on_both_stores
def test_digest_goes_out_as_one_message_at_its_time(store: Store, store_url: str) -> None:
    daily = Digest(every=Every.DAILY, at="18:00", time_zone="Europe/Berlin")  # 16:00 UTC in May; it is 12:00 UTC now
    ids = put_out(store, *map(an_alert, range(3)), digest=daily)
    with hook() as server:
        deliver(store_url, later(hours=3, minutes=59), to(server.url))
        assert not server.requests
        deliver(store_url, later(hours=4), to(server.url))
    assert len(server.requests) == 1
    assert server.ids == ids


def test_file_that_cannot_be_written_is_tried_again(store: Store, store_url: str, tmp_path: Path) -> None:
    put_out(store, an_alert(channels=("log",)))
    folder = tmp_path / "log"
    folder.mkdir()
    channel = JsonlSettings(name="log", path=folder)
    assert "cannot be written" in str(deliver(store_url, NOW, channel)["log"].error)
    folder.rmdir()
    assert deliver(store_url, later(minutes=1), channel)["log"].sent == 1
    assert folder.read_text(encoding="utf-8").count("\n") == 1
