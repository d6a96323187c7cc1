"""The nouns of Pactwatch: what passes between stages and what the store keeps.

All records are frozen; offsets count characters of `Article.text`, end exclusive; datetimes are aware.
"""

import dataclasses
import datetime
import hashlib
from enum import StrEnum
from typing import Any, dataclass_transform

from pydantic import TypeAdapter


class State(StrEnum):
    """How far an item or article has come; `done` is written last, after all that was learnt from it."""

    WAITING = "waiting"  # safe in the store, and its page is still to be fetched
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class PublishedHow(StrEnum):
    """How a publication date is known."""

    GIVEN = "given"  # a person said it on the command line
    SIDECAR = "sidecar"
    FEED = "feed"  # a feed entry, or a field of a JSON record
    PAGE = "page"  # the page's own metadata
    INFERRED = "inferred"  # from the text
    UNKNOWN = "unknown"


class Flaw(StrEnum):
    """What is to be known of an article that did not come whole."""

    DATE_REFUSED = "date_refused"  # the feed's date is in the future, absurd or no date
    DATE_MENDED = "date_mended"  # the date is the page's, where the feed's was refused, missing or without a zone
    SHORT_PAGE = "short_page"  # a paywall, a cookie wall or a page without an article
    PAGE_REFUSED = "page_refused"  # the site's robots.txt keeps its page to itself
    PAGE_FAILED = "page_failed"  # its page could not be fetched: the text is the feed's


class ActorKind(StrEnum):
    """What an actor is."""

    PERSON = "person"
    COUNTRY = "country"
    ORGANIZATION = "organization"
    ARMED_GROUP = "armed_group"
    OTHER = "other"


class AgreementKind(StrEnum):
    """What an agreement is about."""

    CEASEFIRE = "ceasefire"
    PEACE = "peace"
    DEMILITARISATION = "demilitarisation"
    ARMS_CONTROL = "arms_control"
    PRISONER_EXCHANGE = "prisoner_exchange"
    POLITICAL = "political"
    TRADE = "trade"
    FINANCE = "finance"
    ENERGY = "energy"
    COMMERCIAL = "commercial"
    LABOR = "labor"
    DEFENCE = "defence"
    BORDER = "border"
    MIGRATION = "migration"
    TRANSPORT = "transport"
    CLIMATE = "climate"
    OTHER = "other"


class AgreementStatus(StrEnum):
    """Where an agreement stands, by the article's own words."""

    PROPOSED = "proposed"
    NEGOTIATING = "negotiating"
    AGREED = "agreed"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    EXTENDED = "extended"
    SUSPENDED = "suspended"
    VIOLATED = "violated"
    REJECTED = "rejected"
    EXPIRED = "expired"
    COLLAPSED = "collapsed"


class DeadlineKind(StrEnum):
    """What happens at the date: something must be done by then, starts to apply, or stops applying."""

    DUE = "due"
    EFFECTIVE = "effective"
    EXPIRES = "expires"


class DeadlineStatus(StrEnum):
    """What reports say became of a deadline; upcoming, due and passed are computed when read."""

    OPEN = "open"
    MET = "met"
    EXTENDED = "extended"
    CANCELLED = "cancelled"


class Precision(StrEnum):
    """How exact a date is; a season is the northern, meteorological one."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR = "year"


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record[T](cls: type[T]) -> type[T]:
    """Makes a class a record: a frozen, slotted, keyword-only dataclass."""
    return dataclasses.dataclass(frozen=True, slots=True, kw_only=True)(cls)


@record
class Item:
    """One document taken in, as it came: what a file or a line of an archive holds.

    Attributes:
        id: From content and metadata, not from the locator, so that the same document is taken in once.
        locator: Where it came from: a path or URL, with `#L12` for a line of a JSONL file.
        media_type: text/plain, text/markdown or text/html.
        content: Decoded text, at most `max_file_bytes` before decoding; empty once done.
        published: As written at the source (a date or a date and time), or None.
        flaws: What is wrong with how it came.
        attempts: How often its page was asked for.
        retry_at: When its page is asked for again.
        backfilled: Whether it was taken in as old news, which nobody is to be told of.
        article: Its article's id, once done; set earlier, that of the article it is a new version of.
    """

    id: str
    locator: str
    media_type: str
    content: str
    title: str | None = None
    url: str | None = None
    source: str | None = None
    published: str | None = None
    published_how: PublishedHow = PublishedHow.UNKNOWN
    language: str | None = None
    taken_in: datetime.datetime
    state: State = State.PENDING
    article: str | None = None
    author: str | None = None
    flaws: tuple[Flaw, ...] = ()
    attempts: int = 0
    retry_at: datetime.datetime | None = None
    backfilled: bool = False


@record
class DueFile:
    """A file to take in.

    Attributes:
        path: Absolute, so that it is known again.
        growing: Whether somebody is still writing it: of an archive the whole records are taken in, and no more.
    """

    path: str
    growing: bool = False


@record
class Article:
    """One news article.

    Attributes:
        id: From the canonical URL, else from the content.
        item: The item it was made from.
        text: What is read; all offsets count its characters. A title found apart from the text is put before it.
        content_hash: Of the text with white space folded: equal for the same text at two addresses.
        published: YYYY-MM-DD, or RFC 3339 where a time and its offset are known; None when unknown.
        story: The near-duplicate cluster: the id of its original.
        duplicate_of: The article this one copies, or None.
        adds: Whether a copy has a sentence with a date or agreement word that no earlier copy has: it is then read.
        backfilled: Whether it was taken in as old news, which nobody is to be told of.
        actor_ids: Whom it mentions, filled when it is indexed.
        author: As its page or feed names them, or None.
        flaws: What is wrong with how it came.
    """

    id: str
    item: str
    url: str | None
    source: str | None
    title: str
    text: str
    content_hash: str
    published: str | None
    published_how: PublishedHow
    language: str | None
    taken_in: datetime.datetime
    state: State = State.PENDING
    story: str | None = None
    duplicate_of: str | None = None
    adds: bool = False
    backfilled: bool = False
    actor_ids: tuple[str, ...] = ()
    author: str | None = None
    flaws: tuple[Flaw, ...] = ()

    @property
    def is_read(self) -> bool:
        """Whether it is read and speaks for itself; a copy that adds nothing is spoken for by its original."""
        return self.duplicate_of is None or self.adds


@record
class Span:
    """A stretch of `Article.text`: characters start to end, end exclusive."""

    start: int
    end: int
    text: str


@record
class Evidence:
    """A stretch of an article that proves something, and the rule that read it there."""

    article: str
    start: int
    end: int
    text: str
    rule: str = ""


@record
class Actor:
    """Someone who acts: one record a real-world actor.

    Attributes:
        id: From the gazetteer's id, else from kind, folded name and scope.
        name: Canonical name.
        aliases: Other names it goes by in what was read, sorted.
        country: ISO 3166-1 alpha-2, or None.
        role: An office or title as written ("Defence Minister"), or None.
        mentions: In one article, in the order of the text; empty in the store.
    """

    id: str
    name: str
    kind: ActorKind
    aliases: tuple[str, ...] = ()
    country: str | None = None
    role: str | None = None
    mentions: tuple[Span, ...] = ()


@record
class Provision:
    """One thing an agreement obliges: the article's words, the obliged actors' ids, the deadline's id."""

    text: str
    parties: tuple[str, ...] = ()
    deadline: str | None = None


@record
class Change:
    """One step of an agreement's or a deadline's history, with the article that reports it.

    Attributes:
        id: From article and fact, so that it is the same however often it is computed.
        what: new, status, party, deadline_new, deadline_moved or deadline_met.
        old, new: The value before and after, as text; None where there was none. Of a deadline met, its date and the
            day on which it was met as far as told, else on which that was reported.
        published: The reporting article's publication date, or None.
        said: The article's sentence that a deadline was met.
    """

    id: str
    what: str
    old: str | None
    new: str
    article: str
    published: str | None
    said: str | None = None


@record
class Agreement:
    """An agreement: in a Reading what one article says of it, in the store what all of them say.

    Attributes:
        parties: Ids of the actors who agree; hosts, brokers and commentators are not parties.
        signers: Ids of the persons who signed or announced for their side.
        brokers: Ids of the actors who mediated.
        reached: YYYY, YYYY-MM or YYYY-MM-DD, or None.
        evidence: The sentences that prove it, in the order of the text.
    """

    id: str
    kind: AgreementKind
    title: str
    parties: tuple[str, ...]
    status: AgreementStatus
    signers: tuple[str, ...] = ()
    brokers: tuple[str, ...] = ()
    place: str | None = None
    reached: str | None = None
    provisions: tuple[Provision, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    history: tuple[Change, ...] = ()


@record
class Deadline:
    """A date an agreement sets.

    Attributes:
        agreement: The agreement's id.
        date: The last day it can mean.
        time: HH:MM as written, with time_zone an IANA name or UTC offset where the text gives one.
        text: The date as written ("by October 10").
        action: What must be done, starts or ends, in the article's words.
        parties: Ids of the obliged actors.
    """

    id: str
    agreement: str
    kind: DeadlineKind
    date: datetime.date
    precision: Precision
    text: str
    action: str
    evidence: Evidence
    time: str | None = None
    time_zone: str | None = None
    status: DeadlineStatus = DeadlineStatus.OPEN
    parties: tuple[str, ...] = ()
    history: tuple[Change, ...] = ()


@record
class Reading:
    """What was read in one article; ids of agreements and deadlines are provisional until resolved."""

    article: str
    actors: tuple[Actor, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    deadlines: tuple[Deadline, ...] = ()


@record
class ReadArticle:
    """An article together with what was read in it, on its way through resolve and index."""

    article: Article
    reading: Reading


@record
class Registered:
    """What entering an article into the registry concerned.

    Attributes:
        mentions: Keys of all mentions of agreements that the article has or ever had.
        blocks: Blocks in which mentions are listed that may be the same, now or by a former version.
        known: What its mentions are or were known by to others, so that not all in those blocks are looked at.
        anew: Whether the article was entered before, so that agreements may have lost a mention.
    """

    mentions: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    anew: bool = False


@record
class ResolvedArticle:
    """A read article with what is to be computed anew because of it."""

    article: Article
    reading: Reading
    registered: Registered


@record
class IndexedArticle:
    """An article as written to the store, what was read in it, and the ids of the agreements that changed by it."""

    article: Article
    reading: Reading
    agreements: tuple[str, ...] = ()


@record
class Failure:
    """Something that could not be handled: kept, counted and replayable.

    Attributes:
        id: From the record's id: failing again replaces the earlier failure.
        stage: The stage it failed in (list, read_file, poll, page, parse, read, resolve, index).
        record: What failed: an item id, or a locator where there is no item yet.
        locator: Where to find it again.
        error: One line: the value, what was expected, what to do.
        payload: The start of what failed, at most 2,000 characters.
    """

    id: str
    stage: str
    record: str
    locator: str
    error: str
    payload: str
    created: datetime.datetime


def digest(*parts: str) -> str:
    """Returns a 16-character id made of the given parts (the first 64 bits of SHA-256, hexadecimal).

    64 bits keep the chance of any collision under one in a million up to six million records (birthday bound).
    """
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}  # making one costs 0.2 ms, using it some microseconds


def _adapter(cls: type) -> TypeAdapter[Any]:
    if cls not in _ADAPTERS:
        _ADAPTERS[cls] = TypeAdapter(cls)
    return _ADAPTERS[cls]


def to_json(value: Any) -> Any:
    """Returns a record as JSON-ready values (dicts, lists, text, numbers, None)."""
    return _adapter(type(value)).dump_python(value, mode="json")


def from_json[T](cls: type[T], value: Any) -> T:
    """Returns the record of class `cls` that `to_json` made `value` of.

    Raises:
        pydantic.ValidationError: `value` does not fit the class.
    """
    adapter: TypeAdapter[T] = _adapter(cls)
    return adapter.validate_python(value)
