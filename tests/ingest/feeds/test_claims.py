"""No two workers ask one host at once, and nobody waits for long for one that died."""

import datetime

import pytest

from transforms.ingest.feeds import claims as module
from transforms.ingest.feeds.claims import HostClaims, claim_id, claim_seconds, claimed
from transforms.ingest.feeds.hosts import TURNS
from transforms.ingest.limits import FetchLimits
from transforms.present import present
from transforms.store.protocol import Collection, Document

HOSTS = ["a.example", "b.example"]
NOW = datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC)


def _claims(store) -> HostClaims:
    return HostClaims(store, 60)


def test_host_that_is_claimed_is_nobody_elses_until_it_is_given_back(store):
    first, second = _claims(store), _claims(store)
    assert first.take(HOSTS, NOW) == set(HOSTS)
    assert second.take([*HOSTS, "c.example"], NOW) == {"c.example"}
    first.release()
    assert second.take(HOSTS, NOW) == set(HOSTS)


def test_claim_ends_by_itself_and_its_former_holder_is_told(store, monkeypatch):
    first, second = _claims(store), _claims(store)
    first.take(HOSTS, NOW)
    later = present(None) + datetime.timedelta(seconds=61)
    monkeypatch.setattr(module, "present", lambda _: later)
    assert second.take(HOSTS[:1], NOW) == {"a.example"}
    assert not first.renew()
    first.release()  # leaves the other's alone
    assert _claims(store).take(HOSTS, NOW) == {"b.example"}


def test_claim_that_is_renewed_lasts(store, monkeypatch):
    first, second = _claims(store), _claims(store)
    first.take(HOSTS, NOW)
    start = present(None)
    for seconds in (40, 80, 120):
        monkeypatch.setattr(module, "present", lambda _, at=start + datetime.timedelta(seconds=seconds): at)
        assert first.renew()
        assert second.take(HOSTS, NOW) == set()


def test_claim_of_a_process_of_this_machine_that_is_no_more_is_void(store, monkeypatch):
    dead = HostClaims(store, 3_600)
    dead.take(HOSTS, NOW)
    for host in HOSTS:
        body = store.get(Collection.CLAIMS, [claim_id(host)])[claim_id(host)].body
        machine = body["owner"].split(":")[0]
        gone = {**body, "owner": f"{machine}:{2**22 + 1}:0"}  # beyond the largest process id there can be
        store.replace(Collection.CLAIMS, [Document(id=claim_id(host), body=gone)])
    assert _claims(store).take(HOSTS, NOW) == set(HOSTS)


def test_distance_to_the_last_request_is_kept_over_workers(store):
    with claimed(store, FetchLimits(), ["spaced.example"], NOW) as (_, hosts):
        assert hosts == {"spaced.example"}
    _claims(store).take(["spaced.example"], NOW)
    assert TURNS.take("spaced.example", NOW, 10.0) > 5.0


def test_claims_are_given_back_when_polling_fails(store):
    with pytest.raises(RuntimeError, match="broken"), claimed(store, FetchLimits(), HOSTS, NOW):
        raise RuntimeError("broken")
    assert _claims(store).take(HOSTS, NOW) == set(HOSTS)


def test_claim_lasts_longer_than_a_request_may():
    limits = FetchLimits(total_seconds=200)
    assert claim_seconds(limits) > 2 * limits.total_seconds
