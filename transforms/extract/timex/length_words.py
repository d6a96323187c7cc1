"""Reads what lengths of time and clock times say."""

import re
from collections.abc import Callable

from transforms.extract.timex.calendar import length
from transforms.extract.timex.calendar_words import ROLLING_LEADS
from transforms.extract.timex.lexer import data, word_set
from transforms.extract.timex.reader import Fields, Reader, number

_CLOCK = re.compile(r"[0-2]\d[.:]?[0-5]\d")  # a time of day, as armies write it


def _length_fields(read: Reader) -> Fields:
    unit = read.word("unit") or read.word("unit1")
    units, working = data()["values"]["UNIT"], bool(read.words("working") or read.words("working1"))
    if read.words("halfunit"):
        return {"length": length(0.5, units[read.word("halfunit")])}
    count = number(read.words("num")) if read.words("num") else 1.0 if read.words("one") else None
    if count is not None and (read.words("half") or read.words("half1")):
        count += 0.5
    if count is None or not unit:
        return {"length": None, "unit": unit}
    return {"length": length(count, units[unit], working), "unit": unit}


def read_length(read: Reader) -> Fields | None:
    """Reads "72 hours", "half a year"."""
    if read.word("unit") == "hours" and _CLOCK.fullmatch(read.word("num")):
        return None  # "from 00.00 hours on August 20"
    fields = _length_fields(read)
    if read.word("unit") in ("quarter", "quarters", "second", "century") and read.after() in ("of", "the"):
        return None  # "three quarters of the seats"
    if read.words("num") and read.word("num") in ("one", "1") and read.word("unit") == "second":
        return None
    return fields | {"role": "plain"}


def read_length_one(read: Reader) -> Fields | None:
    """Reads "a week", "another month"; not rates ("$2 million a year")."""
    lead, word, follows = read.before(), read.word("one"), read.after()
    if read.word("unit1") in ("quarter", "second", "minute", "century") and word != "another":
        return None
    if follows == "-" and read.after(1) in ("to", "by", "on", "in"):
        return None  # "on a day-to-day basis"
    attributive = read.match.end() - read.match.start() == 2 and follows == "-"
    if (
        word in ("a", "an")
        and not attributive
        and not read.words("half1")
        and lead not in LENGTH_LEADS
        and follows not in LENGTH_FOLLOWS
    ):
        return None  # a rate ("$2 million a year") or a manner of speaking ("a day of mourning")
    return _length_fields(read) | {"role": "plain"}


LASTING_LEADS = word_set("lasting_leads")
LENGTH_LEADS = word_set("length_leads")
LENGTH_FOLLOWS = frozenset(("from", "after", "before", "following", "long"))


def read_span(read: Reader) -> Fields | None:
    """Reads "the next 30 days", "the past week"."""
    word = read.word("span")
    if word == "last" and read.before() in LASTING_LEADS:
        return None  # "will last ten years"
    if not read.words("num") and not read.words("halfunit"):
        plural = read.word("unit").endswith("s")
        rolling = read.words("article") and read.before() in ROLLING_LEADS
        if not plural and (not rolling or word not in ("next", "coming", "past", "last")):
            return None
        fields: Fields = {"length": None if plural else length(1, data()["values"]["UNIT"][read.word("unit")])}
    else:
        fields = _length_fields(read)
    roles = {
        "next": "ahead",
        "coming": "ahead",
        "last": "behind",
        "past": "behind",
        "previous": "behind",
        "preceding": "behind",
    }
    role = roles.get(word, "plain")
    return fields | {"role": role, "backward": word in ("previous", "preceding", "following")}


def read_moved(role: str) -> Callable[[Reader], Fields | None]:
    """Returns a reader for "two weeks ago" or "three days later", taken in the given role."""

    def read(read: Reader) -> Fields | None:
        word = read.word("ago") or read.word("later")
        chosen = {"ago": "ago", "hence": "later-now"}.get(word, role)
        return _length_fields(read) | {"role": chosen, "backward": chosen in ("earlier", "later")}

    return read


def read_clock(read: Reader) -> Fields | None:
    """Reads "6 p.m. EST", "0600 GMT", "noon"; midnight is "24:00" until it is known what it bounds."""
    fields: Fields = {"zone": _zone(read)}
    if read.words("named"):
        return fields | {"clock": "24:00" if read.word("named") == "midnight" else "12:00"}
    text = read.word("hour") or read.word("hour24")
    zoned = bool(read.words("zone") or read.words("local") or read.words("city"))
    hour, minute = _hour_minute(text)
    if (
        read.words("hour24")
        and not (zoned or read.words("hours"))
        and (":" not in text or read.before() not in CLOCK_LEADS)
    ):
        return None
    if read.words("ampm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if read.word("ampm").startswith("p") else 0)
    return fields | {"clock": f"{hour:02}:{minute:02}"} if hour <= 24 and minute < 60 else None


CLOCK_LEADS = word_set("clock_leads")


def _hour_minute(text: str) -> tuple[int, int]:
    if len(text) == 4 and text.isdecimal():
        return int(text[:2]), int(text[2:])
    hour, _, minute = text.replace(".", ":").partition(":")
    return int(hour[:3]), int(minute[:3] or 0)


def _zone(read: Reader) -> str | None:
    if read.words("zone"):
        zone: str | None = data()["zones"].get(read.word("zone"))
        return zone
    cities, words = data()["cities"], read.words("city")
    city: str | None = cities.get(" ".join(words)) or (cities.get(words[-1]) if words else None)
    return city
