"""What is slow outlasts a bundle and comes with one of the next; what is quick waits for nothing slow."""

import threading
import time

import pytest

from transforms.ingest.feeds import hosts
from transforms.ingest.feeds.hosts import SteadyClock, Turns, ask_hosts
from transforms.ingest.feeds.rounds import PAUSE, Rounds
from transforms.present import present

LONG = 60.0


@pytest.fixture(autouse=True)
def turns(monkeypatch):
    monkeypatch.setattr(hosts, "TURNS", Turns())


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'store.db'}"


def _asking(jobs, ask):
    def start(store, came):
        lots = ask_hosts(
            jobs,
            lambda job, _: ask(job),
            clock=SteadyClock(present(None)),
            spacing=lambda _: 0.0,
            turn_seconds=LONG,
            hosts_at_once=4,
            goes_on=lambda _: True,
            came=came,
        )
        for lot in lots:
            yield from (asked.answer for asked in lot)
            yield PAUSE

    return start


def _all(rounds, wanted):
    """Goes on with rounds of nothing until so many results have come."""
    came = []
    limit = time.monotonic() + LONG
    while len(came) < wanted:
        assert time.monotonic() < limit
        came += rounds.go(_asking({}, None))
    return came


def test_answers_that_come_in_time_are_all_there(url):
    began = time.monotonic()
    came = Rounds(url, LONG).go(_asking({"a": [1, 2], "b": [3]}, lambda job: job))
    assert sorted(came) == [1, 2, 3]
    assert time.monotonic() - began < LONG / 2  # nothing is waited for when all is there


def test_a_host_that_hangs_holds_up_no_other_and_is_not_forgotten(url):
    answers = threading.Event()
    rounds = Rounds(url, 0.5)

    def ask(job):
        return job if job == "quick" else answers.wait(LONG) and job

    first = list(rounds.go(_asking({"a": ["slow"], "b": ["quick"]}, ask)))
    answers.set()
    assert first == ["quick"]
    assert _all(rounds, 1) == ["slow"]


def test_too_many_rounds_that_hang_are_waited_for(url):
    answers = threading.Event()
    rounds = Rounds(url, 0.01)
    for number in range(8):
        assert list(rounds.go(_asking({str(number): [number]}, lambda job: answers.wait(LONG) and job))) == []
    threading.Timer(0.5, answers.set).start()
    last = list(rounds.go(_asking({"8": [8]}, lambda job: answers.wait(LONG) and job)))
    assert last  # it did not come back before something had ended
    assert sorted(last + _all(rounds, 9 - len(last))) == list(range(9))


def test_an_error_in_a_round_ends_it_alone(url):
    answers = threading.Event()
    rounds = Rounds(url, 0.1)
    list(rounds.go(_asking({"a": ["slow"]}, lambda job: answers.wait(LONG) and job)))

    def broken(store, came):
        raise RuntimeError("broken")
        yield

    with pytest.raises(RuntimeError, match="broken"):
        list(rounds.go(broken))
    answers.set()
    assert _all(rounds, 1) == ["slow"]
