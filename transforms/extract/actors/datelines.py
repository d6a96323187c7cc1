"""Datelines: the places and agencies before the first words of a report, which take no part in it."""

import re

from transforms.extract.actors.candidates import Candidate
from transforms.extract.actors.text import Words, is_shouted
from transforms.records import ActorKind

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d{1,2}"
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*"
_PLACE = r"[A-Z][A-Z.'’-]{2,}(?:[ /][A-Z][A-Z.'’-]*){0,3}"
_REST = rf"(?:,\s*[A-Z][\w.]*(?:\s[A-Z][\w.]*){{0,2}})?(?:,?\s*{_MONTH}(?:,?\s*\d{{4}})?)?(?:,?\s*{_DAY})?"
_AGENCY = r"(?:\s*\((?:[^()\n]{2,40})\))?"
_DASH = r"\s*(?:--|[-–—―:])\s"
# "SAN JOSE, Calif.--(BUSINESS WIRE)--", "HOUSTON, Nov. 29 /PRNewswire/ --": press releases.
_RELEASE = re.compile(
    rf"\s*{_PLACE}{_REST}\s*(?:--|[-–—])?\s*(?:\([^()\n]{{0,12}}[Ww](?:ire|IRE)[^()\n]{{0,20}}\)|/[^/\n]{{0,30}}[Ww]ire[^/\n]{{0,20}}/)"
    r"\s*(?:--|[-–—])\s*"
)
_CAPITALS = re.compile(rf"\s*{_PLACE}{_REST}{_AGENCY}{_DASH}")
_AGENCIES = "Reuters?|REUTERS|AP|AFP|UPI|Xinhua|IANS|PTI|dpa|DPA|ANI|CNN|IPS|IRIN|TASS|Bloomberg|Associated Press"
_PLAIN = re.compile(
    rf"\s*[A-Z]\w+(?:[ -][A-Z]\w+){{0,2}}(?:,\s*[A-Z]\w+)?(?:,?\s*{_MONTH})?"
    rf"\s*\((?:{_AGENCIES})[^()\n]{{0,20}}\)\s*(?:--|[-–—―:])?\s"
)


def without_datelines(words: Words, candidates: list[Candidate]) -> list[Candidate]:
    """Returns the candidates that are not the place of a dateline; countries and agencies in it stay."""
    ends = {}
    for number, (first, last) in enumerate(words.lines):
        if first < last:
            ends[number] = _dateline_end(words, first, last)
    kept = []
    for candidate in candidates:
        in_dateline = words.start[candidate.first] < ends.get(words.line[candidate.first], 0)
        if not in_dateline or _stays(candidate):
            kept.append(candidate)
    return kept


def _dateline_end(words: Words, first: int, last: int) -> int:
    start = words.start[first]
    line = words.source[start : words.end[last - 1]][:400]  # no dateline is longer
    match = _RELEASE.match(line) or _CAPITALS.match(line) or _PLAIN.match(line)
    if match is None or is_shouted(line[match.end() :]) or match.end() >= len(line):
        return 0
    return start + match.end()


def _stays(candidate: Candidate) -> bool:
    if candidate.entry is None:
        return False
    if candidate.entry.kind is ActorKind.COUNTRY:
        return candidate.form.value == "name"
    return candidate.entry.id.startswith("media:")
