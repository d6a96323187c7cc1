"""Tells new entries of a feed from those met before, though GUIDs change, dates move, titles are edited.

An entry leaves a mark: short digests of its GUID, link, path, date, title and text, and the id of its item. Two marks
are of the same entry when enough of them agree. What many entries of one document share (a GUID or a link that is the
feed's front page) identifies none of them and is left out of their marks.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from transforms.ingest.feeds.parsed import Entry
from transforms.ingest.urls import canonical_url
from transforms.records import digest, record

_FRONT_PAGE = re.compile(r"https?://[^/?#]*/?")
_TAG = re.compile(r"<[^>]*>")  # addresses of pictures that count readers change at every poll
MARK_CHARACTERS = 10  # 40 bits: among 10,000 entries of one feed chance makes two agree in one thing once in 20,000


@record
class Mark:
    """What an entry is known by; empty where it has none, or shares it with other entries of the document.

    Attributes:
        guid, link, path, date, title: Digests of what names it.
        text, updated: Digests of its text without markup, and of when it says that it was edited.
        item: The id of the item that was made of it first; empty where that is not known.
        version: How many items were made of it later, because it was edited.
    """

    guid: str
    link: str
    path: str
    date: str
    title: str
    text: str
    updated: str = ""
    item: str = ""
    version: int = 0

    def written(self) -> str:
        """Returns the mark as it is stored."""
        names = (self.guid, self.link, self.path, self.date, self.title, self.text)
        return " ".join((*names, self.updated, self.item, str(self.version)))


def read_mark(written: str) -> Mark:
    """Returns the mark that `written` stands for."""
    guid, link, path, date, title, text, *more = written.split(" ")
    updated, item, version = more or ("", "", "0")  # an older release kept no more than what names an entry
    return Mark(
        guid=guid,
        link=link,
        path=path,
        date=date,
        title=title,
        text=text,
        updated=updated,
        item=item,
        version=int(version),
    )


def _short(value: str | None) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:MARK_CHARACTERS] if value else ""


def marks_of(entries: Sequence[Entry]) -> list[Mark]:
    """Returns the marks of a document's entries, in their order."""
    links = [canonical_url(entry.link) or "" if entry.link else "" for entry in entries]
    pairs = list(zip(entries, links, strict=True))
    shared_guids = _shared((entry.guid, link) for entry, link in pairs)
    shared_links = _shared((link, entry.guid or entry.title) for entry, link in pairs)
    marks = []
    for entry, link in pairs:
        identifying = "" if link in shared_links or _is_front_page(link) else link
        is_own = entry.guid not in shared_guids and not _is_front_page(entry.guid or "")
        marks.append(
            Mark(
                guid=_short(entry.guid) if is_own else "",
                link=_short(identifying),
                path=_short(identifying.partition("?")[0]),
                date=_short(entry.published),
                title=_short(entry.title),
                text=_short(_TAG.sub("", entry.text)),
                updated=_short(entry.updated),
            )
        )
    return marks


def _is_front_page(address: str) -> bool:
    """Many feeds lead from every entry to the site's front page."""
    return bool(_FRONT_PAGE.fullmatch(address))


def _shared(pairs: Iterable[tuple[str | None, str | None]]) -> set[str]:
    """Returns the first values that come with several second ones."""
    counts = Counter(first for first, _ in set(pairs) if first)
    return {value for value, count in counts.items() if count > 1}


def is_same(one: Mark, other: Mark) -> bool:
    """Returns whether two marks of one feed are of the same entry."""
    guid = _agree(one.guid, other.guid)
    link, date, title = _agree(one.link, other.link), _agree(one.date, other.date), _agree(one.title, other.title)
    if guid:  # alone it is not enough: some feeds number their entries anew every day
        return link or title or (date and not _all_differ(one, other)) or _is_nameless(one, other)
    differing_guids = bool(one.guid and other.guid)
    if link:
        undated = not one.date and not other.date
        return date or (title and _agree(one.text, other.text)) or (undated and (title or not differing_guids))
    if title and date and (_agree(one.path, other.path) or _agree(one.text, other.text)):
        return True
    return not (differing_guids or one.link or other.link) and _say_the_same(one, other)


def _say_the_same(one: Mark, other: Mark) -> bool:
    """Whether two entries that nothing names hold the same: a text; else a title, or nothing, of the same date."""
    same_text = one.text == other.text
    return one.title == other.title and same_text and (bool(one.text) or one.date == other.date)


def _is_nameless(one: Mark, other: Mark) -> bool:
    return not (one.link or other.link or one.title or other.title)


def _all_differ(one: Mark, other: Mark) -> bool:
    """Whether link, title and text are all other ones: that is another article under a number used before."""
    return all(old and new and old != new for old, new in _contents(one, other))


def _contents(one: Mark, other: Mark) -> tuple[tuple[str, str], ...]:
    return (one.link, other.link), (one.title, other.title), (one.text, other.text)


def _agree(one: str, other: str) -> bool:
    return bool(one) and one == other


class Met:
    """The entries of a feed that were met, looked up by any part of their marks."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        self._by_part: dict[tuple[str, str], list[Mark]] = {}
        for mark in marks:
            self.add(mark)

    def add(self, mark: Mark) -> None:
        """Adds an entry."""
        for part in _parts(mark):
            self._by_part.setdefault(part, []).append(mark)

    def find(self, mark: Mark) -> Mark | None:
        """Returns the mark that an entry left when it was met, the one most like it; None where it was not met."""
        same = [known for part in _parts(mark) for known in self._by_part.get(part, ()) if is_same(mark, known)]
        return next((known for known in same if not is_edited(known, mark)), same[0] if same else None)

    def knows(self, mark: Mark) -> bool:
        """Returns whether an entry was met."""
        return self.find(mark) is not None


def is_edited(before: Mark, now: Mark) -> bool:
    """Returns whether an entry has another text, title or time of its last edit than when it was met."""
    if not before.item:
        return False
    has_new_text = bool(now.text) and now.text != before.text
    return has_new_text or _differ(before.title, now.title) or _differ(before.updated, now.updated)


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one != other


def _parts(mark: Mark) -> list[tuple[str, str]]:
    named = (("guid", mark.guid), ("link", mark.link), ("title", mark.title))
    return [(name, value) for name, value in named if value] or [("text", mark.text)]


def entry_id(feed_id: str, entry: Entry, mark: Mark) -> str:
    """Returns the id of an entry's item: of its link and date, so that two feeds with one article give one item.

    Where the link says nothing, of the GUID; where that says nothing either, of what the entry holds.
    """
    if mark.link and entry.link:
        return digest("entry", canonical_url(entry.link) or entry.link, entry.published or "")
    if mark.guid:
        return digest("entry", feed_id, "guid", entry.guid or "", entry.published or "")
    return digest("entry", feed_id, "text", entry.title or "", entry.text, entry.published or "", entry.link or "")
