"""Asks a site's robots.txt whether its pages may be fetched, and how slowly (RFC 9309)."""

import datetime
import threading
from urllib.parse import urlsplit

from protego import Protego

from transforms.ingest.fetch import Fetcher, FetchError
from transforms.records import record

AGENT = "Pactwatch"  # the name by which robots.txt may address us
MAX_BYTES = 512_000  # RFC 9309, section 2.5: at least 500 KiB are to be read
MAX_DELAY_SECONDS = 30.0  # a longer Crawl-delay would keep an article back for hours
KEPT = datetime.timedelta(hours=24)  # RFC 9309, section 2.4
KEPT_UNREACHABLE = datetime.timedelta(minutes=10)
_KEPT_SITES = 5_000


@record
class Rules:
    """What a site allows.

    Attributes:
        parsed: Its robots.txt; None where there is none (all is allowed) or it cannot be had for now.
        is_unreachable: Whether it cannot be had for now: then nothing is fetched.
        until: How long this holds.
    """

    parsed: Protego | None
    is_unreachable: bool
    until: datetime.datetime

    def allows(self, url: str) -> bool:
        """Returns whether a page may be fetched."""
        return self.parsed is None or bool(self.parsed.can_fetch(url, AGENT))

    def delay_seconds(self) -> float:
        """Returns the Crawl-delay that the site asks for, at most 30 s; 0 where it asks for none."""
        delay = self.parsed.crawl_delay(AGENT) if self.parsed is not None else None
        return min(float(delay or 0.0), MAX_DELAY_SECONDS)


def site_address(url: str) -> str:
    """Returns scheme, host and port of an address: what one robots.txt is for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class RobotsFiles:
    """The rules of the sites asked lately, for all threads of a process."""

    def __init__(self) -> None:
        self._rules: dict[str, Rules] = {}
        self._lock = threading.Lock()

    def known(self, site: str, now: datetime.datetime) -> Rules | None:
        """Returns the rules of a site if they were asked for lately."""
        with self._lock:
            rules = self._rules.get(site)
        return rules if rules is not None and now < rules.until else None

    def ask(self, fetcher: Fetcher, site: str, now: datetime.datetime) -> Rules:
        """Returns the rules of a site as its server gives them now."""
        rules = _ask(fetcher, site, now)
        with self._lock:
            self._rules.pop(site, None)
            self._rules[site] = rules
            if len(self._rules) > _KEPT_SITES:
                del self._rules[next(iter(self._rules))]
        return rules


ROBOTS = RobotsFiles()


def _ask(fetcher: Fetcher, site: str, now: datetime.datetime) -> Rules:
    try:
        answer = fetcher.get(f"{site}/robots.txt")
    except FetchError:  # its page will fail as well, and says why
        return Rules(parsed=None, is_unreachable=True, until=now + KEPT_UNREACHABLE)
    if answer.status >= 500 or answer.status == 429:
        return Rules(parsed=None, is_unreachable=True, until=now + KEPT_UNREACHABLE)
    if not 200 <= answer.status < 300:
        return Rules(parsed=None, is_unreachable=False, until=now + KEPT)
    parsed = Protego.parse(answer.body[:MAX_BYTES].decode("utf-8", "replace"))
    return Rules(parsed=parsed, is_unreachable=False, until=now + KEPT)
