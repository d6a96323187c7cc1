"""Reads publication dates: written ones into one form, and those that an article prints at its head or foot."""

import datetime
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

EARLIEST_YEAR = 1800  # no digitised news archive is older than its first dailies; an earlier year is a mistake
FUTURE_DAYS = 2  # clocks and time zones are off by a day at most; a later date is a mistake
HEAD_LINES = 6  # kicker, headline, standfirst, byline, place, date
FOOT_LINES = 4  # source, copyright, "Published ..."
_LONGEST_LINE = 160  # a line that only says who, where and when is short

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:1[89]|20)\d\d(?![\d-])"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s+)?"
_DATE = (
    rf"{_WEEKDAY}(?:(\d{{4}}-\d\d-\d\d)(?!\d)|({_MONTH}\s+{_DAY},?\s+{_YEAR})"
    rf"|({_DAY}(?:\s+of)?[\s-]+{_MONTH},?[\s-]+{_YEAR}))"
)
_ZONE = r"(?:\(?(?:[A-Z]{1,5}|[+-]\d\d:?\d\d|local time|Z)(?:[+-]\d{1,2})?\)?)"
_TIME = (
    rf"(?:\d{{1,2}}[:.]\d\d(?:[:.]\d\d)?\s*(?:[ap]\.?m\.?)?|\d{{1,2}}\s*[ap]\.?m\.?|\d{{4}}(?=\s*(?:GMT|UTC)))"
    rf"(?:\s*{_ZONE})?"
)
_MOMENT = rf"(?:{_TIME}\s*,?\s*(?:on\s+)?)?{_DATE}(?:T\S+|(?:\s*[,|–—-]?\s*(?:at\s+)?{_TIME}){{1,2}})?"

_PUBLISHED = (
    r"(?:(?:first\s+|originally\s+|date\s+)?(?:published|posted|issued|released|created|dated)(?:\s+(?:on|at|online))?"
    r"|(?:release|publication|pub)\s+date|for\s+(?:immediate\s+)?release|date)"
)
_UPDATED = r"(?:(?:last\s+)?(?:updated|modified|revised)(?:\s+(?:on|at))?)"
# "Released on 3 May 2006, the hostages ..." is a sentence: without a colon nothing but an author may follow.
_ALONE = r"(?=\s*[^\w\s]*\s*$|\s*[|·•(]|\s+by\s)"
_PARTICLE = r"(?:(?:of|the|de|del|la|le|el|al|and|da|do|di|am|an|au|en|sur|upon)[\s'’-]+)"
_NAME = rf"[A-Z][^\W\d_]*\.?(?:[\s'’-]+{_PARTICLE}{{0,2}}[A-Z][\w.]*){{0,5}}"
_PLACE = rf"{_NAME}(?:,\s+[A-Z][\w.]*(?:\s+[A-Z][\w.]*){{0,2}}){{0,2}}"
_NOT_A_PLACE = (
    r"(?!(?:On|In|By|Since|Until|From|After|Before|Through|Between|At|As|And|But|For|To|Of|The|Deadline|Due|Effective"
    r"|Expires?|Signed|Agreed|Done|Ends?|Starts?)\b)"
)
_NOT_A_TIME = r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|Noon\b|Midnight\b|End\b)"
_AGENCY = r"(?:\s*(?:\([^()]{1,40}\)|/[^/]{1,40}/))"
_DASH = r"(?:--+|[-–—]|:)"

# In the order of trust; each is matched from the beginning of a line.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE if ignore_case else 0)
    for form, ignore_case in (
        (rf"\W*{_PUBLISHED}(?:\s*:\s*{_MOMENT}(?=\W|$)|\s+{_MOMENT}{_ALONE})", True),
        (rf"{_NOT_A_PLACE}{_PLACE}{_AGENCY}?,?\s+\(?(?i:{_MOMENT})\)?{_AGENCY}?\s*{_DASH}(?=\s|$)", False),
        (rf"[\W_]*{_MOMENT}\W*$", True),
        (rf"{_NOT_A_PLACE}{_PLACE}{_AGENCY}?,\s+(?i:{_MOMENT})\W*$", False),
        (rf"(?:By|Source:|From:)\s+{_NOT_A_TIME}{_PLACE}{_AGENCY}?[\s,|–—-]+(?i:{_MOMENT})\W*$", False),
        (rf"\W*{_UPDATED}(?:\s*:\s*{_MOMENT}(?=\W|$)|\s+{_MOMENT}{_ALONE})", True),
    )
)
_SEPARATORS = re.compile(r"\s[|·•]\s|\t")
_WRITTEN = re.compile(rf"\s*(?:{_PUBLISHED}|{_UPDATED})?\s*:?\s*{_MOMENT}\W*", re.IGNORECASE)
_ISO_MOMENT = re.compile(r"\d{4}-?\d\d-?\d\d(?:[T ]\d\d.*)?", re.IGNORECASE)


def parse_published(text: str, *, now: datetime.datetime) -> str | None:
    """Returns a written publication date in one form.

    Args:
        text: ISO 8601 (`2018-09-17`, `2018-09-17T18:05:00+03:00`), RFC 2822 (`Mon, 17 Sep 2018 18:05:00 +0300`), or
            words (`17 September 2018`, `Sept. 17, 2018`).
        now: A later date (by more than two days) is a mistake.

    Returns:
        YYYY-MM-DD, or RFC 3339 where a time and its offset are known (a time without an offset is left out), or None
        where the text is no such date, or one before 1800 or in the future.
    """
    moment = _parse_iso(text.strip()) or _parse_rfc2822(text) or _parse_words(text)
    if moment is None or not plausible(moment, now=now):
        return None
    if isinstance(moment, datetime.datetime):
        return moment.isoformat(timespec="seconds")
    return moment.isoformat()


def plausible(moment: datetime.date, *, now: datetime.datetime) -> bool:
    """Returns whether something can have been published then: since 1800, and at most two days after `now`."""
    day = moment.date() if isinstance(moment, datetime.datetime) else moment
    return day.year >= EARLIEST_YEAR and day <= now.date() + datetime.timedelta(days=FUTURE_DAYS)


def _with_offset(moment: datetime.datetime) -> datetime.date:
    """RFC 3339 knows offsets of whole minutes only."""
    offset = moment.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        return moment.date()
    return moment


def _parse_iso(text: str) -> datetime.date | None:
    if not _ISO_MOMENT.fullmatch(text):
        return None
    try:
        if len(text) <= 10:
            return datetime.date.fromisoformat(text)
        return _with_offset(datetime.datetime.fromisoformat(text.replace(" +", "+").replace(" UTC", "Z")))
    except ValueError:
        return None


def _parse_rfc2822(text: str) -> datetime.date | None:
    if ":" not in text:
        return None  # without a time it is left to the words, which check the whole text
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    written = re.search(r"\b\d{1,2} [A-Za-z]{3} (\d{4}|\d\d)\b", text)
    return _with_offset(moment) if written else None


def _parse_words(text: str) -> datetime.date | None:
    found = _WRITTEN.fullmatch(text) if len(text) <= _LONGEST_LINE else None
    return _date_of(found) if found else None


def _date_of(found: re.Match[str]) -> datetime.date | None:
    written = next(text for text in found.groups() if text)
    numbers = [int(number) for number in re.findall(r"\d+", written)]
    try:
        if "-" in written and written[:4].isdigit():
            return datetime.date.fromisoformat(written)
        day, year = numbers
        name = re.sub(r"\d+(?:st|nd|rd|th)?|\bof\b", " ", written, flags=re.IGNORECASE)
        month = _MONTHS[re.sub(r"[^a-z]", "", name.lower())]
        return datetime.date(year, month, day)
    except ValueError:
        return None


def infer_published(text: str) -> datetime.date | None:
    """Returns the date that an article prints of itself, or None.

    Only a full date with its year counts, in the first six or the last four lines, and only where it is the article's
    own: after "Published" and the like, in a dateline ("GENEVA, Feb. 3, 2012 (AP) -"), alone on a line (with a place
    or an author), or after "Updated". Dates inside sentences are what an article tells of, never when it was written.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    head = lines[:HEAD_LINES]
    foot = lines[len(head) :][-FOOT_LINES:]
    found = [best for part in (head, foot) if (best := min(_dates_in(part), default=None))]
    return min(found)[2] if found else None


def _dates_in(lines: list[str]) -> Iterator[tuple[int, int, datetime.date]]:
    """Yields (rank of the form, number of the line, date) of each date that is an article's own."""
    for number, line in enumerate(lines):
        for rank, form in enumerate(_FORMS):
            for piece in _pieces(line):
                found = form.match(piece)
                date = _date_of(found) if found else None
                if date:
                    yield rank, number, date


def _pieces(line: str) -> list[str]:
    """Returns the line, and the pieces of a short one that strokes or dots divide ("World | 3 May 2006 | By ...")."""
    if len(line) > _LONGEST_LINE:
        return [line[:_LONGEST_LINE]]
    return [line, *(piece.strip() for piece in _SEPARATORS.split(line))]
