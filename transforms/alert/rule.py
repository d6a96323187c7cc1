"""What a rule says, as config/alerts.yaml writes it: what to look for, and whom to tell, how and how often."""

import datetime
import re
import zoneinfo
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from transforms.records import ActorKind, AgreementKind, record

DEFAULT_MAX_AGE = datetime.timedelta(days=30)
STRICT = ConfigDict(extra="forbid")

_DURATION = re.compile(r"(\d+)\s*(s|m|h|d|w)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_MAX_DAYS = 3_660  # ten years: more is a slip of the keyboard


class Place(StrEnum):
    """Where keywords are looked for."""

    TITLE = "title"
    TEXT = "text"
    BOTH = "both"


class Sameness(StrEnum):
    """Whether any word of the same stem will do."""

    STEMMED = "stemmed"
    EXACT = "exact"


class Searched(StrEnum):
    """What a rule's query is about."""

    ARTICLES = "articles"
    AGREEMENTS = "agreements"
    DEADLINES = "deadlines"


class Severity(StrEnum):
    """How much an alert matters."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class AgreementEvent(StrEnum):
    """What can happen to an agreement."""

    NEW = "new"
    STATUS = "status"
    PARTY = "party"


class Every(StrEnum):
    """How often a digest goes out."""

    HOURLY = "hourly"
    DAILY = "daily"


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | int) else value


def _short_for(key: str) -> BeforeValidator:
    """Lets a plain value or list stand for a mapping with this one key, and `none` for nothing."""

    def written_out(value: Any) -> Any:
        if value == "none":
            return None
        return {key: value} if isinstance(value, str | list) else value

    return BeforeValidator(written_out)


def _duration(value: Any) -> Any:
    if value in (None, "none") or isinstance(value, datetime.timedelta):
        return None if value == "none" else value
    match = _DURATION.fullmatch(str(value).strip())
    if match is None:
        raise ValueError("expected a number with s, m, h, d or w, such as 30d, or none")
    return datetime.timedelta(**{_UNITS[match[2]]: int(match[1])})


def _zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("expected the name of a time zone, such as Europe/Berlin or UTC") from error
    return name


def _clock_time(value: str) -> str:
    if not _TIME.fullmatch(value):
        raise ValueError("expected a time in quotation marks, such as '08:00'")
    return value


def _named_events(value: Any) -> Any:
    """Lets `deadlines: new` and `deadlines: [new, moved]` stand for a mapping with these set to true."""
    names = [value] if isinstance(value, str) else value
    return dict.fromkeys(map(str, names), True) if isinstance(names, list | tuple) else value


type Texts = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_listed)]
type Duration = Annotated[datetime.timedelta | None, BeforeValidator(_duration)]
type TimeZone = Annotated[str, AfterValidator(_zone)]
type Days = Annotated[tuple[Annotated[int, Field(ge=1, le=_MAX_DAYS)], ...], BeforeValidator(_listed)]


@record
class Keywords:
    """Words and phrases: any of some, all of some, none of some.

    Attributes:
        place: In the title, the text or both; written `in`.
    """

    __pydantic_config__ = STRICT
    any: Texts = ()
    all: Texts = ()
    none: Texts = ()
    place: Annotated[Place, Field(alias="in")] = Place.BOTH
    match: Sameness = Sameness.STEMMED


@record
class RuleQuery:
    """A query of the search language, and the kind of record it is about; written `in`."""

    __pydantic_config__ = STRICT
    text: Annotated[str, Field(min_length=1)]
    searched: Annotated[Searched, Field(alias="in")] = Searched.ARTICLES


@record
class WantedActors:
    """Actors by name, alias or id (any of them, and all of some), and by kind."""

    __pydantic_config__ = STRICT
    any: Texts = ()
    all: Texts = ()
    kinds: Annotated[tuple[ActorKind, ...], BeforeValidator(_listed)] = ()


@record
class WantedAgreements:
    """Which events of agreements, and of which: by kind and by party (name, alias or id; any of them)."""

    __pydantic_config__ = STRICT
    events: Annotated[tuple[AgreementEvent, ...], BeforeValidator(_listed)] = tuple(AgreementEvent)
    kinds: Annotated[tuple[AgreementKind, ...], BeforeValidator(_listed)] = ()
    parties: Texts = ()


@record
class WantedDeadlines:
    """Which events of deadlines, and of which: by their agreement's kind and party.

    Attributes:
        new, moved: When a deadline is first met, or its date changes.
        within: So many days before the date; several may be given.
        due: On the day itself.
        passed: The day after, when nothing was read of its being met, extended or cancelled.
    """

    __pydantic_config__ = STRICT
    new: bool = False
    moved: bool = False
    within: Days = ()
    due: bool = False
    passed: bool = False
    kinds: Annotated[tuple[AgreementKind, ...], BeforeValidator(_listed)] = ()
    parties: Texts = ()


@record
class Digest:
    """Alerts gathered into one message, every hour or every day at a time in a time zone."""

    __pydantic_config__ = STRICT
    every: Every
    at: Annotated[str, AfterValidator(_clock_time)] = "08:00"
    time_zone: TimeZone | None = None


@record
class Quiet:
    """One alert a period for the same subject; while it goes on the period doubles, up to `up_to`."""

    __pydantic_config__ = STRICT
    period: Annotated[datetime.timedelta, BeforeValidator(_duration)]
    up_to: Duration = None


@record
class Rule:
    """One rule. Its name is its identity; all the parts it has must hold together.

    Attributes:
        keywords, query, actors: What an article (for `query`: or an agreement, or a deadline) must hold.
        agreements, deadlines: The events to tell of; with none, the article itself is what is told.
        sources, languages: The articles to look at; none for all.
        max_age: The longest time from publication to intake; None for any.
    """

    __pydantic_config__ = STRICT
    name: Annotated[str, Field(min_length=1, max_length=100)]
    keywords: Annotated[Keywords | None, _short_for("any")] = None
    query: Annotated[RuleQuery | None, _short_for("text")] = None
    actors: Annotated[WantedActors | None, _short_for("any")] = None
    agreements: Annotated[WantedAgreements | None, _short_for("events")] = None
    deadlines: Annotated[WantedDeadlines | None, BeforeValidator(_named_events)] = None
    sources: Texts = ()
    languages: Texts = ()
    severity: Severity = Severity.INFO
    channels: Texts = ("console",)
    digest: Annotated[Digest | None, _short_for("every")] = None
    quiet: Annotated[Quiet | None, _short_for("period")] = None
    max_age: Duration = DEFAULT_MAX_AGE
    enabled: bool = True
