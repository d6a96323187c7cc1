"""Looks up the actors, dates and sentences of one article by token."""

import bisect
import re
from collections.abc import Iterable

import numpy
from spacy.tokens import Doc, Token

from transforms.extract.agreements.leaders import HOUSES, houses_of, sides_meant
from transforms.extract.agreements.lexicon import Lexicon
from transforms.extract.agreements.parse import tokens_of
from transforms.extract.layers import ActorMention, Form, Timex, TimexKind, text_of
from transforms.records import ActorKind, record

_RULING = frozenset({"government", "administration", "cabinet"})
_ANY = frozenset(ActorKind)
_FIRMS = frozenset({ActorKind.ORGANIZATION})
_STATES = frozenset({ActorKind.COUNTRY})
_KINDS = {  # what a word for several says they are
    **dict.fromkeys(("companies", "firms", "clubs", "carriers", "airlines", "banks", "unions"), _FIRMS),
    **dict.fromkeys(("countries", "nations", "states", "neighbours", "neighbors"), _STATES),
}
_DASHES = frozenset({"-", "--", "–", "—"})
_TICKER = 5  # letters of a share's symbol
_PORTFOLIO = re.compile(r"\s+(?:Minister|Secretary|Representative|Commissioner)\b(?![\s-]General)")
# "By JANE ROE, Associated Press Writer", "May 17, 1989|By James Warren.": at most so long before the name.
_RANKS = 4  # words of a title
_RANK = frozenset(
    {"maj", "gen", "brig", "lt", "col", "adm", "major", "general", "brigadier", "lieutenant", "colonel", "admiral"}
    | {"negotiator", "envoy", "ambassador", "security", "chief", "deputy"}
)
_BYLINE = re.compile(r"(?:^|\n|\|)[ \t]*[Bb][Yy] (?:[A-Z][\w.'’-]*,? |and |of ){0,12}$")
_BYLINE_LENGTH = 90  # characters
_SENTENCE = 200  # tokens; longer "sentences" are tables or texts without full stops
_RECENT = 24  # mentions looked back over for a pair


@record
class Side:
    """An actor found in a party's place: the side it stands for, and the person if one was named."""

    actor: str
    signer: str | None
    token: int


def _is_portfolio(text: str, mention: ActorMention) -> bool:
    """Whether a name is that of a ministry in a title ("Justice Minister X")."""
    return not mention.actor.startswith("country:") and _PORTFOLIO.match(text, mention.end) is not None


def _in_passing(text: str, mention: ActorMention) -> bool:
    """Whether a name is a share's symbol ("<CTX>", "(NYSE: CWF)") the agency of a dateline ("(AP)"), or a byline's."""
    before, after = text[max(0, mention.start - 1) : mention.start], text[mention.end : mention.end + 1]
    if (before == "<" and len(mention.text) <= _TICKER) or (before == "(" and after == ":"):
        return True
    if _is_portfolio(text, mention) or _BYLINE.search(text[max(0, mention.start - _BYLINE_LENGTH) : mention.start]):
        return True
    return mention.actor.startswith("media:") and before == "(" and after in {")", ","}


def _without_passing(text: str, mentions: Iterable[ActorMention]) -> list[ActorMention]:
    """Returns the mentions that may be of sides; who only signs the story is none of "both sides" either."""
    kept = [mention for mention in mentions if not _in_passing(text, mention)]
    named = {mention.actor for mention in kept if mention.form is not Form.COLLECTIVE}
    return [mention for mention in kept if mention.actor in named]


class Lookup:
    """What stands at which token of one article. Made for one Doc, then thrown away."""

    def __init__(self, doc: Doc, lexicon: Lexicon) -> None:
        self.doc = doc
        self.lexicon = lexicon
        self.kinds = {actor.id: actor.kind for actor in doc._.actors}
        self.country = {actor.id: actor.country for actor in doc._.actors}
        self.names = {actor.id: actor.name for actor in doc._.actors}
        self.text = text_of(doc)
        offices = {m.actor for m in doc._.actor_mentions if _is_portfolio(self.text, m)}  # "Justice" is no side
        represents = {actor: side for actor, side in doc._.represents.items() if side not in offices}
        self.represents = sides_meant(doc._.actors, represents)
        self.houses = houses_of(doc._.actors)
        self._groups = {
            actor.name.lower().rpartition(" ")[2]: actor.id
            for actor in doc._.actors
            if actor.kind is ActorKind.ARMED_GROUP and " " in actor.name and "(" not in actor.name
        }
        self._starts: list[int] = numpy.flatnonzero(doc.to_array("SENT_START") == 1).tolist()
        self.lower: list[int] = doc.to_array("LOWER").tolist()  # hashes: an object for each token costs ten times more
        self.pos: list[int] = doc.to_array("POS").tolist()
        self.mentions: list[tuple[int, int, ActorMention]] = []
        self._at: dict[int, list[tuple[int, int, ActorMention]]] = {}
        self._told: dict[int, list[ActorMention]] = {}
        actor_mentions = _without_passing(self.text, doc._.actor_mentions)
        bounds = tokens_of(doc, [(mention.start, mention.end) for mention in actor_mentions])
        for (start, end), mention in zip(bounds, actor_mentions, strict=True):
            entry = (start, end, mention)
            self.mentions.append(entry)
            for i in range(start, end):
                self._at.setdefault(i, []).append(entry)
        self._ends = [end for _, end, _ in self.mentions]
        self._resolving: set[int] = set()  # pronouns whose antecedent is being looked for
        self.timexes = self._dates()

    def _dates(self) -> dict[int, Timex]:
        """Returns the resolved dates by every token of their expressions."""
        dated = [timex for timex in self.doc._.timexes if timex.first is not None and timex.kind is TimexKind.DATE]
        bounds = tokens_of(self.doc, [(timex.start, timex.end) for timex in dated])
        return {i: timex for (start, end), timex in zip(bounds, dated, strict=True) for i in range(start, end)}

    def sentence(self, i: int) -> tuple[int, int]:
        """Returns the bounds of the sentence of token i (end exclusive), at most `_SENTENCE` tokens away."""
        n = bisect.bisect_right(self._starts, i)
        start = self._starts[n - 1] if n else 0
        end = self._starts[n] if n < len(self._starts) else len(self.doc)
        return max(start, i - _SENTENCE), min(end, i + _SENTENCE)

    def at(self, i: int) -> list[ActorMention]:
        """Returns the mention that covers token i: the longest, or several where one phrase means several actors."""
        entries = self._at.get(i)
        if not entries and i > 1 and self.doc[i - 1].text == "<":
            entries = self._at.get(i - 2)  # "Barlow Paper Inc <BRL>": the parser takes the symbol for the name
        if not entries:
            return []
        if i not in self._told:
            start, end, _ = max(entries, key=lambda entry: (entry[1] - entry[0], -entry[0]))
            self._told[i] = [mention for s, e, mention in entries if (s, e) == (start, end)]
        return self._told[i]

    def covered(self, start: int, end: int) -> list[tuple[int, int, ActorMention]]:
        """Returns the mentions that lie wholly in tokens start to end, the longest where they overlap."""
        found: dict[tuple[int, int, str], tuple[int, int, ActorMention]] = {}
        for i in range(start, end):
            entries = self._at.get(i)
            if entries is None:
                continue
            longest = max(((e - s) for s, e, _ in entries if s >= start and e <= end), default=0)
            for s, e, mention in entries:
                if s >= start and e <= end and e - s == longest:
                    found[s, e, mention.actor] = (s, e, mention)
        return list(found.values())

    def side(self, mention: ActorMention, token: int) -> Side:
        """Returns whom a mention stands for as a party."""
        actor = self._people(mention)
        represented = self.represents.get(actor) or self.serving(mention, self._first(mention, token))
        if represented is None:
            return Side(actor=actor, signer=None, token=token)
        person = self.kinds.get(mention.actor) is ActorKind.PERSON
        return Side(actor=represented, signer=mention.actor if person else None, token=token)

    def _ranked(self, i: int) -> bool:
        return self.doc[i].is_space or self.doc[i].lower_.rstrip(".") in _RANK

    def _first(self, mention: ActorMention, token: int) -> int:
        """Returns the first token of a mention of which one token is known."""
        return next((start for start, _end, other in self._at.get(token, ()) if other is mention), token)

    def serving(self, mention: ActorMention, start: int) -> str | None:
        """Returns the country of an officer or envoy told by rank ("Israeli Maj. Gen. X"), None of anybody else."""
        if self.kinds.get(mention.actor) is not ActorKind.PERSON or mention.form is not Form.NAME:
            return None
        first = start
        while first > max(0, start - _RANKS) and self._ranked(first - 1):
            first -= 1
        before = self.at(first - 1) if 0 < first < start else []
        return next((m.actor for m in before if m.form is Form.DEMONYM and m.actor in self.kinds), None)

    def unnamed(self, actor: str) -> bool:
        """Whether an actor is a group without a name of its own ("rebels (Liberia)", "unions (United States)")."""
        name = self.names.get(actor, "")
        return name[:1].islower() and self.kinds.get(actor) is not ActorKind.PERSON

    def collective(self, token: Token) -> bool:
        """Whether a noun means those spoken of just before ("the two sides", "both men")."""
        return token.lower_ in self.lexicon.sets["collective"]

    def of_house(self, side: Side) -> Side:
        """Returns the country or organisation for which a parliament or board decides, else the side itself."""
        home = self.houses.get(side.actor) or self._owner(side)
        return side if home is None else Side(actor=home, signer=None, token=side.token)

    def _owner(self, side: Side) -> str | None:
        """Returns the body named right before its board ("IMF Executive Board")."""
        mentions = [m for m in self.at(side.token) if m.actor == side.actor]
        if not mentions or mentions[0].text.lower().rpartition(" ")[2] not in HOUSES:
            return None
        start = next(s for s, _e, m in self._at[side.token] if m is mentions[0])
        before = [m.actor for m in self.at(start - 1)] if start else []
        return before[0] if before and self.kinds.get(before[0]) is ActorKind.ORGANIZATION else None

    def _people(self, mention: ActorMention) -> str:
        """Returns the group that "the Serbs" means where the article tells of the Bosnian Serbs."""
        if mention.form is not Form.DEMONYM or not mention.text.endswith("s"):
            return mention.actor
        return self._groups.get(mention.text.lower(), mention.actor)

    def _recent(self, before: int) -> list[tuple[int, int, ActorMention]]:
        upto = bisect.bisect_right(self._ends, before)
        return self.mentions[max(0, upto - _RECENT) : upto]

    def favoured(self, i: int) -> bool:
        """Whether the name at token i is only whom one is for ("pro-Russian") or akin to ("ethnic Albanian")."""
        if i and self.doc[i - 1].lower_ == "ethnic":
            return True
        return i > 1 and self.doc[i - 1].text == "-" and self.doc[i - 2].lower_ in {"pro", "anti", "ex", "non"}

    def pair(self, before: int, word: str = "") -> list[Side]:
        """Returns the two actors spoken of last as a pair ("the two sides"): coordinated, else the last two alike.

        Args:
            before: Token index of the word that means them.
            word: That word, where it says what they are ("the two companies").
        """
        kinds = _KINDS.get(word, _ANY)
        recent = [entry for entry in self._recent(before) if self._kind_of(entry) in kinds]
        for (s1, e1, one), (s2, _e2, two) in zip(reversed(recent[:-1]), reversed(recent[1:]), strict=False):
            between = self.doc[e1:s2].text.lower().strip()
            if one.actor != two.actor and between in {"and", "-", "and the", "with", "with the", "and its", "/"}:
                sides = [self.side(one, s1), self.side(two, s2)]
                if sides[0].actor != sides[1].actor:
                    return sides
        here = self.two_here(before)
        fitting = all(self.kinds.get(side.actor) in kinds for side in here)
        return here if here and fitting else self._last_two(before, kinds)

    def _kind_of(self, entry: tuple[int, int, ActorMention]) -> ActorKind | None:
        return self.kinds.get(self.side(entry[2], entry[1] - 1).actor)

    def two_here(self, before: int) -> list[Side]:
        """Returns the sides named in this very sentence where they are just two ("X, who met Y in Z, where they")."""
        start = self.sentence(before)[0]
        seen = {
            side.actor: side
            for s, e, mention in self._recent(before)
            if s >= start and mention.form is not Form.PLACE
            for side in (self.side(mention, e - 1),)
        }
        return list(seen.values()) if len(seen) == 2 else []

    def _last_two(self, before: int, kinds: frozenset[ActorKind]) -> list[Side]:
        """Returns the last two different actors of one kind in this sentence and the one before."""
        start = self.sentence(before)[0]
        start = self.sentence(start - 1)[0] if start else 0
        recent = self._recent(before)
        for kind in (k for k in (ActorKind.COUNTRY, ActorKind.ORGANIZATION, ActorKind.PERSON) if k in kinds):
            seen: dict[str, Side] = {}
            for s, e, mention in recent:
                if s >= start and self.kinds.get(mention.actor) is kind:
                    seen[mention.actor] = self.side(mention, e - 1)
            if len(seen) == 2:
                return list(seen.values())
        return []

    def thing_before(self, pronoun: Token) -> list[Side]:
        """Returns the organisation named last in the sentence of an "it" that no subject explains."""
        start = self.sentence(pronoun.i)[0]
        named = [
            self.side(mention, e - 1)
            for s, e, mention in self._recent(pronoun.i)
            if s >= start and self.kinds.get(mention.actor) is ActorKind.ORGANIZATION
        ]
        return named[-1:]

    def dateline_end(self, i: int) -> int:
        """Returns where the sentence of token i begins after its dateline ("DETROIT (AP) - "), if it has one."""
        start, end = self.sentence(i)
        shouted = self.doc[start].is_upper and len(self.doc[start]) > 1
        named = self.doc[start].pos_ == "PROPN" and "\n" in self.doc[max(0, start - 2) : start].text
        if not shouted and not named:
            return start
        for token in self.doc[start + 1 : min(end, start + 16)]:  # datelines name city, country, date and agency
            if token.text in _DASHES and token.nbor(-1).whitespace_:
                return min(token.i + 1, end - 1)
            if token.pos_ == "VERB" or (not shouted and token.pos_ not in {"PROPN", "PUNCT"}):
                break
        return start

    def on_behalf(self, head: Token) -> list[Side]:
        """Returns the side that a person signs for, where it is said ("X for the government and Y for the rebels")."""
        signer = self.at(head.i)[0].actor
        if self.kinds.get(signer) is not ActorKind.PERSON or head.i + 1 >= len(self.doc):
            return []
        after = self.doc[head.i + 1]
        objects = [child for child in after.children if child.dep_ == "pobj"] if after.lower_ == "for" else []
        sides = [self.side(mention, obj.i) for obj in objects for mention in self.at(obj.i)]
        return [Side(actor=side.actor, signer=signer, token=head.i) for side in sides if side.actor != signer][:1]

    def ruling(self, head: Token, mentions: list[ActorMention]) -> list[Side]:
        """Returns the country of a government named after who rules it ("the Sandinista government")."""
        if head.lemma_.lower() not in _RULING or any(mention.form is not Form.ROLE for mention in mentions):
            return []
        before = self.at(head.i - 1) if head.i else []
        countries = [self.doc._.represents.get(mention.actor, "") for mention in before]
        return [
            Side(actor=country, signer=None, token=head.i)
            for country in countries
            if self.kinds.get(country) is ActorKind.COUNTRY
        ]
