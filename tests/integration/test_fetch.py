"""A real server that is slow, lying or hostile: each request ends in time and says what happened."""

import gzip
import socket
import time
import zlib

import pytest

from tests.integration.feed_server import FeedServer, Reply, feed_server
from transforms.ingest.fetch import (
    Fetcher,
    HardFetchError,
    SoftFetchError,
    TemporaryFetchError,
    expect_success,
)
from transforms.ingest.limits import FetchLimits

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def server():
    with feed_server() as running:
        yield running


@pytest.fixture
def fetcher():
    made = Fetcher(FetchLimits(max_bytes=100_000, total_seconds=1.0, max_redirects=3, allow_private_hosts=True))
    yield made
    made.close()


def _redirect(target: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": target})


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", lambda data: gzip.compress(data[:3]) + gzip.compress(data[3:])),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
    ],
)
def test_packed_answers_are_unpacked(server, fetcher, encoding, pack):
    body = b"a long answer " * 3_000
    url = server.put("/packed", Reply(pack(body), headers={"Content-Encoding": encoding}))
    assert fetcher.get(url).body == body


def test_gzip_bomb_is_refused_without_unpacking_it(server, fetcher):
    bomb = gzip.compress(b"\0" * 60_000_000)
    url = server.put("/bomb", Reply(bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(HardFetchError, match="more than 100,000 bytes"):
        fetcher.get(url)


def test_large_answer_is_refused(server, fetcher):
    with pytest.raises(HardFetchError, match="more than 100,000 bytes"):
        fetcher.get(server.put("/large", b"x" * 100_001))


def test_damaged_packing_is_temporary(server, fetcher):
    url = server.put("/cut", Reply(gzip.compress(b"x" * 5_000)[:-20], headers={"Content-Encoding": "gzip"}))
    with pytest.raises(TemporaryFetchError, match="cut short"):
        fetcher.get(url)
    url = server.put("/br", Reply(b"xyz", headers={"Content-Encoding": "br"}))
    with pytest.raises(TemporaryFetchError, match="not asked for"):
        fetcher.get(url)


@pytest.mark.parametrize("reply", [Reply(hang=True), Reply(b"x" * 1_000, drip_seconds=0.05)])
def test_slow_answers_end_at_the_time_limit(server, fetcher, reply):
    began = time.monotonic()
    with pytest.raises(TemporaryFetchError, match="no whole answer within 1 s"):
        fetcher.get(server.put("/slow", reply))
    assert time.monotonic() - began < 2


def test_permanent_redirects_are_told_from_temporary_ones(server, fetcher):
    end = server.put("/end", b"here")
    server.put("/temporary", _redirect("/end"))
    url = server.put("/moved", _redirect("/moved-again", 301))
    server.put("/moved-again", _redirect("/end", 308))
    found = fetcher.get(url)
    assert (found.final_url, found.moved_to, found.body) == (end, end, b"here")
    assert fetcher.get(server.url("/temporary")).moved_to is None
    url = server.put("/moved-then", _redirect("/temporary", 301))
    assert fetcher.get(url).moved_to == server.url("/temporary")


def test_redirects_in_circles_end(server, fetcher):
    with pytest.raises(SoftFetchError, match="more than 3 redirects"):
        fetcher.get(server.put("/circle", _redirect("/circle")))


@pytest.mark.parametrize("target", ["file:///etc/hosts", "ftp://files.example/", "javascript:alert(1)"])
def test_redirects_leave_the_web_never(server, fetcher, target):
    with pytest.raises(HardFetchError):
        fetcher.get(server.put("/out", _redirect(target)))


def test_headers_of_a_feed_stay_with_its_host(server, fetcher):
    server.put("/there", b"ok")
    url = server.put("/away", _redirect(server.url("/there", host="127.0.0.2")))
    fetcher.get(url, {"Authorization": "secret", "If-None-Match": '"1"'})
    assert server.requests[-2].headers["authorization"] == "secret"
    assert "authorization" not in server.requests[-1].headers
    assert server.requests[-1].headers["if-none-match"] == '"1"'


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "10.0.0.1"]
)
def test_private_hosts_are_refused_before_anything_is_sent(server, host):
    before = len(server.requests)
    strict = Fetcher(FetchLimits(total_seconds=2.0))
    with pytest.raises(HardFetchError, match=r"not on the public internet; --allow-private-hosts"):
        strict.get(f"http://{host}:{server.port}/")
    assert len(server.requests) == before


def test_a_name_that_later_means_another_address_is_not_followed_there(server, monkeypatch):
    """The address that was checked is the one connected to: there is no second look-up to lie in."""
    answers = iter(["127.0.0.1", "203.0.113.1"])
    looked_up = []
    resolve = socket.getaddrinfo

    def lookup(host, *arguments, **named):
        if host == "127.0.0.1":
            return resolve(host, *arguments, **named)
        looked_up.append(host)
        return [(2, 1, 6, "", (next(answers), 0))]

    monkeypatch.setattr("socket.getaddrinfo", lookup)
    server.put("/rebound", b"ok")
    loose = Fetcher(FetchLimits(allow_private_hosts=True, total_seconds=2.0))
    assert loose.get(f"http://rebinding.example:{server.port}/rebound").body == b"ok"
    loose.close()
    assert looked_up == ["rebinding.example"]
    strict = Fetcher(FetchLimits(total_seconds=2.0))
    answers = iter(["127.0.0.1", "127.0.0.1"])
    with pytest.raises(HardFetchError, match="not on the public internet"):
        strict.get(f"http://rebinding.example:{server.port}/rebound")


@pytest.mark.parametrize(
    "url", ["ftp://x.example/", "/etc/hosts", "http://", "http://a b/", "http://user:pw@x.example/"]
)
def test_what_is_no_address_is_refused(fetcher, url):
    with pytest.raises(HardFetchError):
        fetcher.get(url)


def test_nobody_there_is_temporary(fetcher):
    with pytest.raises(TemporaryFetchError, match="no connection"):
        fetcher.get("http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (410, HardFetchError),
        (404, SoftFetchError),
        (403, SoftFetchError),
        (429, TemporaryFetchError),
        (503, TemporaryFetchError),
    ],
)
def test_statuses_weigh_apart(server: FeedServer, fetcher, status, expected):
    url = server.put("/status", Reply(b"no", status, {"Retry-After": "120"}))
    with pytest.raises(expected, match=f"the server answered {status}") as caught:
        expect_success(fetcher.get(url))
    assert status == 410 or caught.value.retry_after == "120"
