"""Finds the sentences by which an article tells that something promised was done, and all of it.

A wrong "done" is worse than a missed one: a sentence counts only when it says so outright, and nothing in it doubts,
denies, halves or postpones it, nor the sentence behind it.
"""

import datetime
import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from transforms.records import Evidence, record

_WAS = r"(?:was|were|is now|are now|has been|have been|had been)(?: now| fully| duly| finally| successfully| also)*"
_DONE = r"(?:completed?|concluded|finished|carried out in full)"
_ALL = r"(?:the last|its last|their last|the final|all|every|the remaining)"
_HAVE = r"(?:(?:has|have|had) )?(?:formally |duly |finally |now |also )?"

# A claim of the doers themselves ("said they had withdrawn") proves nothing.
_OWN_WORD = re.compile(
    r"\b(?:said|says?|announced|declared|told)\b[^.;]{0,40}"
    r"\b(?:it|they|he|she|we|its|their)\b [^.;]{0,20}?(?:had|has|have|was|were)\b"
)
_SHARE = re.compile(
    r"\b(?!100\b)\d+(?:\.\d+)? ?(?:percent|per cent|%)|\b(?:\w+|\d+) (?:out )?of (?:the|its|their) \d", re.IGNORECASE
)
_END = re.compile(
    r"(?<![A-Z])(?<!\b(?:Mr|Dr|St|Lt|No))(?<!\b(?:Gen|Col|Sen|Gov|Mrs|Jan|Feb|Mar|Apr|Aug|Sep|Oct|Nov|Dec))(?<!\bSept)"
    r"[.!?][\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9])|\n\s*\n"
)
_CLAUSE = re.compile(r"[,;:–—()]| - |\band\b")
_BUT = re.compile(r"(?i:but|however|yet|still|though)\b")
_DOUBT_BEHIND = re.compile(
    r"\b(?:not|n't|never|remain\w*|den(?:y|ied|ies)|disput\w*|accus\w+|fail\w*|yet)\b|n['’]t\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = re.compile(rf"\b(?:{_MONTH} (\d{{1,2}})|(\d{{1,2}}) {_MONTH})\b", re.IGNORECASE)
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)


@record
class Done:
    """A sentence that tells that something was done.

    Attributes:
        deed: Which deed of `fulfilment.yaml`.
        clause: The words that say so, in which the deed's objects are.
        subject: What stands before the verb where somebody does it; empty where it only was done.
        bare: Whether it only says "the withdrawal", of nothing in particular.
        day: When, by the sentence (YYYY-MM-DD), or None.
        timely: Whether it says that it was in time.
    """

    evidence: Evidence
    deed: str
    clause: str
    subject: str
    bare: bool
    day: str | None
    timely: bool


@record
class Deed:
    """How one deed is asked for and told.

    Attributes:
        asked: What a deadline's action has when it asks for it.
        told: What a sentence has when it was done, each with whether somebody is named who did it.
    """

    asked: re.Pattern[str]
    told: tuple[tuple[re.Pattern[str], bool], ...]


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.IGNORECASE)


def _deed(said: Mapping[str, Any]) -> Deed:
    noun, done, doing = (f"(?:{said[key]})" for key in ("noun", "done", "doing"))
    made = rf"(?:{_DONE}|made|received|carried out)" if said.get("once") else _DONE
    told = [
        (_pattern(rf"\b{noun}\b(?P<of>[^,;:.]{{0,80}}?) {_WAS} {made}\b"), False),
        (_pattern(rf"\b{_HAVE}(?:completed|finished|concluded)\b(?P<of>[^,;:.]{{0,60}}?)\b(?:{noun}|{doing})\b"), True),
        (_pattern(rf"\b{_ALL}\b(?P<of>[^,;:.]{{0,60}}?) (?:{_WAS}|has|have|had) {done}\b"), False),
        (_pattern(rf"\b{_ALL}\b(?P<of>[^,;:.]{{0,60}}?) (?P<gone>{said.get('gone', '(?!)')})\b"), False),
        (_pattern(rf"\b{_HAVE}{done}(?P<of> ){_ALL}\b"), True),
    ]
    if said.get("once"):
        told.append((_pattern(rf"(?P<of>) {_WAS} {done}\b"), False))
        told.append(
            (_pattern(rf"(?P<of>) {_HAVE}(?:{done}|made (?:the|its|a|their)(?: \S+){{0,3}} {noun})\b(?! by\b)"), True)
        )
    return Deed(asked=_pattern(rf"\b(?:{said['ask']}|{said['noun']}|{said['done']})\b"), told=tuple(told))


@functools.cache
def _said() -> Mapping[str, Any]:
    said: Mapping[str, Any] = YAML(typ="safe").load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return said


@functools.cache
def deeds() -> Mapping[str, Deed]:
    """Returns all deeds by name."""
    return {name: _deed(said) for name, said in _said()["deeds"].items()}


@functools.cache
def _list(name: str) -> re.Pattern[str]:
    return _pattern(rf"\b(?:{_said()[name].replace('| ', '|')})\b", r"|n['’]t\b" if name == "denials" else "")


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yields each sentence with where it begins."""
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        part = text[start:end]
        if part.strip():
            yield start + len(part) - len(part.lstrip()), part.strip()
        start = end


def done_in(article: str, text: str, published: str | None) -> tuple[Done, ...]:
    """Returns the sentences of an article that tell that something was done.

    Args:
        article: Its id.
        text: What it says.
        published: When; without it nothing is returned, since "completed" may be of any time.
    """
    if published is None:
        return ()
    day = datetime.date.fromisoformat(published[:10])
    sentences = list(_sentences(text))
    following = [*(sentence for _, sentence in sentences[1:]), ""]
    return tuple(
        done
        for (start, sentence), behind in zip(sentences, following, strict=True)
        if not _is_taken_back(behind)
        for done in _told(Evidence(article=article, start=start, end=start + len(sentence), text=sentence), day)
    )


def _is_taken_back(behind: str) -> bool:
    return _BUT.match(behind) is not None and _DOUBT_BEHIND.search(behind) is not None


def _told(evidence: Evidence, published: datetime.date) -> Iterator[Done]:
    """Yields what a sentence tells to have been done; at most one of each deed."""
    sentence = " ".join(evidence.text.split())
    if _list("doubts").search(sentence) or _SHARE.search(sentence) or _OWN_WORD.search(sentence):
        return
    if any(int(year) != published.year for year in _YEAR.findall(sentence)):
        return
    for name, deed in deeds().items():
        found = next(((match, acted) for told, acted in deed.told for match in [told.search(sentence)] if match), None)
        if found is not None and (clause := _clause(sentence, found[0])) is not None:
            match, acted = found
            yield Done(
                evidence=_named(evidence, name),
                deed=name,
                clause=clause,
                subject=sentence[: match.start()] if acted else "",
                bare=not acted and not match["of"].strip(" ,") and _is_noun_alone(sentence, match),
                day=_day_told(sentence, published),
                timely=_list("timely").search(sentence) is not None,
            )


def _named(evidence: Evidence, deed: str) -> Evidence:
    return Evidence(
        article=evidence.article, start=evidence.start, end=evidence.end, text=evidence.text, rule=f"fulfilment.{deed}"
    )


def _is_noun_alone(sentence: str, match: re.Match[str]) -> bool:
    return (
        re.search(r"(?:^|, |\b(?:that|and) )(?:the|this|their|its) $", sentence[: match.start()], re.IGNORECASE)
        is not None
    )


def _clause(sentence: str, match: re.Match[str]) -> str | None:
    """Returns the clause in which a match stands; None where it is denied there or yet to come."""
    before = [mark.end() for mark in _CLAUSE.finditer(sentence, 0, match.start())]
    behind = _CLAUSE.search(sentence, match.end())
    clause = sentence[before[-1] if before else 0 : behind.start() if behind else len(sentence)]
    told = _list("agreed").sub("", _list("timely").sub("", clause))
    return None if _list("denials").search(told) else clause


def _day_told(sentence: str, published: datetime.date) -> str | None:
    """Returns the day a sentence gives, the latest before publication that it can mean."""
    if found := _DAY.search(sentence):
        month = _MONTHS.index((found[1] or found[4])[:3].lower()) + 1
        return _latest(published, month, int(found[2] or found[3]))
    if found := _WEEKDAY.search(sentence):
        back = (published.weekday() - _WEEKDAYS.index(found[1].lower())) % len(_WEEKDAYS)
        return (published - datetime.timedelta(days=back)).isoformat()
    if re.search(r"\byesterday\b", sentence, re.IGNORECASE):
        return (published - datetime.timedelta(days=1)).isoformat()
    return published.isoformat() if re.search(r"\btoday\b", sentence, re.IGNORECASE) else None


def _latest(published: datetime.date, month: int, day: int) -> str | None:
    for year in (published.year, published.year - 1):
        try:
            date = datetime.date(year, month, day)
        except ValueError:
            continue
        if date <= published:
            return date.isoformat()
    return None
