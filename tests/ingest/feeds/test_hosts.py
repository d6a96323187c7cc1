"""Hosts are asked side by side, each one thing at a time."""

import collections
import datetime
import itertools
import threading

import pytest

from tests.integration.polling import LeapClock
from tests.make import NOW
from transforms.ingest.feeds import hosts
from transforms.ingest.feeds.hosts import SteadyClock, Turns, ask_hosts


@pytest.fixture(autouse=True)
def turns(monkeypatch):
    monkeypatch.setattr(hosts, "TURNS", Turns())


def _ask(jobs, ask, **options):
    defaults = {"spacing": lambda _: 1.0, "turn_seconds": 30.0, "hosts_at_once": 4, "goes_on": lambda _: True}
    lots = ask_hosts(jobs, ask, clock=LeapClock(NOW), **(defaults | options))
    return [asked for lot in lots for asked in lot]


def test_a_host_is_asked_one_thing_at_a_time_with_its_spacing():
    at_once = collections.Counter()
    most = collections.Counter()
    lock = threading.Lock()

    def ask(job, _):
        with lock:
            at_once[job[0]] += 1
            most[job[0]] = max(most[job[0]], at_once[job[0]])
        with lock:
            at_once[job[0]] -= 1

    jobs = {host: [(host, number) for number in range(5)] for host in "abcdefgh"}
    asked = _ask(jobs, ask, hosts_at_once=1)
    assert len(asked) == 40
    assert set(most.values()) == {1}
    for host in jobs:
        times = [each.at for each in asked if each.job[0] == host]
        assert all(later - earlier >= datetime.timedelta(seconds=1) for earlier, later in itertools.pairwise(times))


def test_a_turn_ends_when_its_time_is_over_or_the_server_is_busy():
    assert len(_ask({"a": range(100)}, lambda job, _: job, turn_seconds=9.5)) == 11
    assert len(_ask({"b": range(100)}, lambda job, _: job, goes_on=lambda answer: answer < 3)) == 4


def test_an_error_in_a_thread_is_not_lost():
    def ask(job, _):
        raise RuntimeError(f"broken {job}")

    with pytest.raises(RuntimeError, match="broken 1"):
        _ask({"a": [1]}, ask)


def test_whoever_stops_listening_stops_the_asking():
    lots = ask_hosts(
        {str(host): list(range(50)) for host in range(20)},
        lambda job, _: job,
        clock=LeapClock(NOW),
        spacing=lambda _: 0.0,
        turn_seconds=1e9,
        hosts_at_once=4,
        goes_on=lambda _: True,
    )
    next(lots)
    lots.close()


def test_a_clock_set_back_stops_nobody():
    turns = Turns()
    turns.take("a", NOW + datetime.timedelta(days=30), 1.0)
    assert turns.take("a", NOW, 1.0) == 1.0


def test_a_steady_clock_begins_at_the_given_time_and_goes_on():
    clock = SteadyClock(NOW)
    stopped = threading.Event()
    clock.wait(0.01, stopped)
    assert datetime.timedelta(0) < clock.now() - NOW < datetime.timedelta(seconds=60)
    stopped.set()
    clock.wait(3_600, stopped)


def test_a_host_that_somebody_else_asks_is_left_for_the_next_run():
    jobs = {"a": [("a", 1)], "b": [("b", 1)]}
    assert hosts.TURNS.begin("a")
    assert [asked.job for asked in _ask(jobs, lambda job, _: job)] == [("b", 1)]
    hosts.TURNS.end("a")
    assert sorted(asked.job for asked in _ask(jobs, lambda job, _: job)) == [("a", 1), ("b", 1)]
