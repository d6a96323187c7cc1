"""Reads what calendar expressions say: days, months, years, weekdays, periods, seasons, quarters and feasts."""

import functools
import re

from transforms.extract.timex.expressions import Form
from transforms.extract.timex.lexer import FIRST_YEAR, compile_pattern, data, word_set
from transforms.extract.timex.reader import Fields, Reader

BACKWARD = frozenset(("following", "previous", "same", "that"))  # count from a date spoken of before, not from today
MEASURES = word_set("measures")  # "the 2000-km pipeline"
LEADS = word_set("leads")  # words before a bare month, year or season that make it one
ROLLING_LEADS = frozenset(("within", "over", "in", "during", "for"))  # "over the next year" counts from today


def _year_fields(read: Reader) -> Fields:
    relative = read.word("year_rel")
    fields: Fields = {"year": read.value("year")}
    if relative:
        fields |= {"year_offset": data()["values"]["REL"][relative], "backward": relative in BACKWARD}
    return fields


def read_calendar(read: Reader) -> Fields | None:
    """Reads a day of a month: "Friday, 15 November, 2020", "Dec 10-12"."""
    month = read.value("month", "MONTH")
    day, last = read.value("day", "ORDWORD"), read.value("day2", "ORDWORD")
    if not _fits(day) or not _fits(last) or (day and last and last <= day):
        return None
    if (
        day
        and not last
        and read.words("month")
        and read.before() == "in"
        and read.match["day"]
        and not read.words("year")
    ):
        return None if read.match.start("day") > read.match.start("month") else {"month": month, "day": day}
    fields: Fields = {"month": month, "day": day, "day_last": last, "weekday": read.value("weekday", "WEEKDAY")}
    return fields | _year_fields(read)


def _fits(day: int | None) -> bool:
    return day is None or 1 <= day <= 31


def read_month(read: Reader) -> Fields | None:
    """Reads a month, with or without a year; without one it is weak unless the word before makes it a month."""
    fields = {"month": read.value("month", "MONTH")} | _year_fields(read)
    if fields["year"] is None and "year_offset" not in fields:
        word = read.word("month")
        doubtful = (len(word) <= 4 and word not in ("june", "july")) or word == "march"
        hyphened = read.before() == "-" and read.before(2) in ("mid", "end", "start", "early", "late")
        fields["weak"] = (not hyphened and read.before() not in LEADS) or (read.before() == "to" and word == "march")
        if fields["weak"] and doubtful:
            return None
    return fields


def read_month_of(read: Reader) -> Fields | None:
    """Reads "next May"."""
    return {"month": read.value("month", "MONTH"), "offset": _offset(read.words("month_rel")[0])}


def _offset(word: str) -> int:
    return int(data()["values"]["REL"][word])


def read_day_of_month(read: Reader) -> Fields | None:
    """Reads "the 15th", "the 15th of this month"."""
    if read.words("month_word"):
        word = read.word("month_word")
        if word == "each":
            return None
        offset = 0 if word == "the" else _offset(word)
        return {"day": read.value("day", "ORDWORD"), "offset": offset}
    bounded = read.before() in ("on", "by", "until", "till", "from", "before", "after")
    if (
        not bounded
        or not read.word("day")[0].isdigit()
        or (read.after()[:1].isalnum() and read.after() not in FUNCTION_WORDS)
    ):
        return None
    return {"day": read.value("day")}


FUNCTION_WORDS = word_set("function_words")  # after "the 15th", these do not make it an adjective ("the 15th brigade")


def read_numeric(read: Reader) -> Fields | None:
    """Reads "2007-07-01", "15.11.2020" and "28/02/2006"; "01/02/2006" is ambiguous."""
    first, second, third = (int(number) for number in re.split(r"[-/.]", read.word("numeric")))
    fields: Fields = {"weekday": read.value("weekday", "WEEKDAY")}
    if first > 31:
        return fields | {"year": first, "month": second, "day": third} if second <= 12 else None
    if "." in read.word("numeric") or first > 12 or first == second:  # points are a European way: the day comes first
        return fields | {"year": third, "month": second, "day": first} if second <= 12 else None
    return fields | ({"year": third, "month": first, "day": second} if second > 12 else {"form": Form.AMBIGUOUS})


def read_year(read: Reader) -> Fields | None:
    """Reads a bare year; weak unless the word before makes it one."""
    following, symbols = read.after(), read.lexed.symbols
    preceding = symbols[read.match.start() - 1] if read.match.start() else ""
    if (preceding and preceding in _money()) or following in ("percent", "pct", "%") or following == "°":
        return None
    measured = read.after(1) if following == "-" else following
    if measured in MEASURES:
        return None
    return {
        "year": read.value("year"),
        "weak": read.before() not in LEADS and len(read.words("year")) == read.match.end() - read.match.start(),
    }


@functools.cache
def _money() -> str:
    return compile_pattern("( MONEY | SLASH )").pattern


def read_years(read: Reader) -> Fields | None:
    """Reads "2019-2021" and "1986/87"."""
    first, second = read.value("year"), read.word("year2")
    if first is None:
        return None
    last = int(second) if len(second) == 4 else first // 100 * 100 + int(second)
    if len(second) < 4 and (len(second) < 2 or (last % 100 != (first + 1) % 100 and last <= first)):
        return None
    last += 100 if last < first else 0
    return {"years": (first, last), "weak": read.before() not in LEADS} if first < last else None


def read_decade(read: Reader) -> Fields | None:
    """Reads "the 1990s", "the nineties"."""
    word = read.word("decade") or read.word("decade_word")
    tens = {
        "twenties": 20,
        "thirties": 30,
        "forties": 40,
        "fifties": 50,
        "sixties": 60,
        "seventies": 70,
        "eighties": 80,
    }
    digits = re.sub(r"\D", "", word)
    start = int(digits) if digits else tens.get(word, 90)
    if len(digits) <= 2:
        start += 0 if start >= 100 else 1900
    return {"years": (start, start + 9)} if start % 10 == 0 and start >= FIRST_YEAR else None


def read_century(read: Reader) -> Fields | None:
    """Reads "the 21st century"."""
    words = read.words("ordinal")
    count = sum(_ordinal(word) for word in words if word != "-")
    if read.match.end() and read.lexed.word(read.match.end() - 1) == "millennium":
        return {"years": None}
    return {"years": (count * 100 - 99, count * 100)} if 1 <= count <= 21 else None


def _ordinal(word: str) -> int:
    values = data()["values"]
    digits = word.rstrip("stndrh")
    return int(digits) if digits.isdecimal() else int(values["ORDWORD"].get(word) or values["CARD"].get(word) or 0)


def read_weekday(read: Reader) -> Fields | None:
    """Reads "Monday", "next Friday", "Wednesday night"."""
    relative, word = read.words("rel"), read.word("weekday")
    if len(word) <= 3 and not relative and not read.match[0][-1:].isspace():
        dotted = read.lexed.text[read.lexed.ends[read.match.end("weekday") - 1] - 1] == "."
        if not dotted or (word in ("sun", "sat", "mon") and read.before() not in LEADS):
            return None
    fields: Fields = {"weekday": read.value("weekday", "WEEKDAY")}
    if relative:
        fields |= {"offset": _offset(relative[0]), "backward": relative[0] in ("following", "previous", "same")}
    return fields


def read_weekday_of_week(read: Reader) -> Fields | None:
    """Reads "Monday next week", "Friday week"."""
    if read.words("week_plus"):
        return {"weekday": read.value("weekday", "WEEKDAY"), "role": "plus-week"}
    relative = read.word("week_rel")
    fields: Fields = {"weekday": read.value("weekday", "WEEKDAY"), "offset": _offset(relative), "role": "of-week"}
    return fields | {"backward": relative in BACKWARD}


def read_day_word(read: Reader) -> Fields | None:
    """Reads "today", "the day after tomorrow", "last night"."""
    offset = read.value("dayword", "DAYWORD")
    if read.words("dayword_rel"):
        offset = 0 if read.word("dayword_rel") == "this" else -1
    if offset is not None and read.words("beyond"):
        forward = read.word("beyond") == "after"
        if (offset, forward) not in ((1, True), (-1, False)):
            return None
        offset *= 2
    return {"offset": offset}


def read_step(read: Reader) -> Fields | None:
    """Reads "the same day", "the following day"."""
    if read.words("day_same"):
        return {"offset": 0, "backward": True}
    return {"offset": -1 if read.word("day_step") == "previous" else 1, "backward": True}


def read_period(read: Reader) -> Fields | None:
    """Reads "next month", "the current year"."""
    relative = read.word("rel")
    if read.words("article") and relative in ("next", "coming", "past", "last") and read.before() in ROLLING_LEADS:
        return None  # the next year from now, which the pattern `span` reads
    if relative == "past" and not read.words("article"):
        return None
    return {"unit": read.word("period"), "offset": _offset(relative), "backward": relative in BACKWARD}


def read_period_bare(read: Reader) -> Fields | None:
    """Reads "the year", which means something behind "the end of" only."""
    return {"unit": read.word("bare_period"), "offset": 0, "role": "bare"}


def read_part_period(read: Reader, part: str) -> Fields | None:
    """Reads "year-end", "mid-year"."""
    unit = read.word("part_period") or read.word("part_word").removeprefix("mid").removesuffix("end")
    fields = _year_fields(read)
    if fields["year"] is not None and unit == "year":
        return {"year": fields["year"], "part": part, "form": Form.CALENDAR}
    offset = fields.get("year_offset", 0) if unit == "year" else 0
    return {"unit": unit, "offset": offset, "part": part}


def read_turn(read: Reader) -> Fields | None:
    """Reads "the turn of the century"."""
    return {"unit": "century", "role": "turn"}


def read_season(read: Reader) -> Fields | None:
    """Reads "the spring of 2020", "by autumn"; "fall" and "spring" need more around them."""
    fields: Fields = {"number": read.value("season", "SEASON")} | _year_fields(read)
    lead = read.before()
    article = read.match.end() - read.match.start() > 1 and read.lexed.word(read.match.start()) == "the"
    dated = fields["year"] is not None or "year_offset" in fields
    if not dated and lead not in (
        "in",
        "by",
        "until",
        "till",
        "before",
        "after",
        "since",
        "during",
        "early",
        "late",
        "mid",
        "of",
    ):
        return None
    if not dated and read.word("season") in ("fall", "spring") and not article and lead not in ("by", "this", "in"):
        return None
    return fields


def read_season_of(read: Reader) -> Fields | None:
    """Reads "next summer"."""
    words = read.words("rel")
    word = words[-1] if words[-1] in ("following", "coming", "past") else words[0]
    return {"number": read.value("season", "SEASON"), "offset": _offset(word), "backward": word == "following"}


def read_quarter(read: Reader) -> Fields | None:
    """Reads "the second quarter of next year", "Q3 2020", "H1 2020"."""
    word = read.word("ordinal")
    number = 4 if word in ("last", "final") else _ordinal(word)
    if not 1 <= number <= (2 if read.words("hmark") else 4):
        return None
    if read.words("qmark") or read.words("hmark"):
        mark = read.match.start("qmark" if read.words("qmark") else "hmark")
        if read.lexed.ends[mark] != read.lexed.starts[mark + 1]:
            return None
    fields = {"number": number} | _year_fields(read)
    if read.words("quarter_year"):
        fields["year_offset"] = 0
    if word == "last" and fields["year"] is None and "year_offset" not in fields:
        return {"form": Form.PERIOD, "unit": "quarter", "offset": -1}
    return fields


def read_fiscal(read: Reader) -> Fields | None:
    """Reads "fiscal 1988": each body has a year of its own, so that it stays unresolved."""
    bare = not read.words("year") and read.lexed.word(read.match.end() - 1) != "year"
    return None if bare else _year_fields(read)


def read_feast(read: Reader) -> Fields | None:
    """Reads the name of a feast."""
    for index, spec in enumerate(data()["feasts"].values()):
        if read.words(f"feast{index}"):
            return {"feast": spec} | _year_fields(read)
    return None
