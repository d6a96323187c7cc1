"""Looks up actors by token and follows the dependency parse from a deed to those who do it."""

import bisect

import numpy
from spacy.tokens import Doc, Token

from transforms.extract.agreements_leaders import sides_meant
from transforms.extract.agreements_lexicon import Lexicon
from transforms.extract.agreements_parse import joined, linked, relative, tokens_of
from transforms.extract.layers import ActorMention, Form, Timex, TimexKind
from transforms.records import ActorKind, record

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_PRONOUNS = frozenset({"it", "they", "he", "she", "we", "them", "him", "her", "its", "their", "his"})
_ACCUSING = frozenset({"accuse", "suspect", "blame", "criticise", "criticize", "condemn", "prevent", "stop"})
_ASKING = frozenset(
    {"urge", "ask", "persuade", "force", "tell", "press", "invite", "order", "push", "encourage", "convince", "allow"}
)
_TRYING = frozenset({"effort", "bid", "attempt", "push", "drive"})
_DASHES = frozenset({"-", "--", "–", "—"})
_OF = frozenset({"of"})
_MEMBERS = frozenset({"member", "state", "nation", "country", "minister", "party", "signatory"})
_DEPTH = 12  # members of the longest coordinations, each hanging on the one before
_SENTENCE = 200  # tokens; longer "sentences" are tables or texts without full stops
_RECENT = 24  # mentions looked back over for a pair
_CLIMB = 12  # heads looked at upwards; clauses of news text nest far less deeply


@record
class Side:
    """An actor found in a party's place: the side it stands for, and the person if one was named."""

    actor: str
    signer: str | None
    token: int


class View:
    """One article as the agreement rules see it. Made for one Doc, then thrown away."""

    def __init__(self, doc: Doc, lexicon: Lexicon) -> None:
        self.doc = doc
        self.lexicon = lexicon
        self.kinds = {actor.id: actor.kind for actor in doc._.actors}
        self.names = {actor.id: actor.name for actor in doc._.actors}
        self.represents = sides_meant(doc._.actors, doc._.represents)
        self.text = doc.text
        self._groups = {
            actor.name.lower().rpartition(" ")[2]: actor.id
            for actor in doc._.actors
            if actor.kind is ActorKind.ARMED_GROUP and " " in actor.name and "(" not in actor.name
        }
        self._starts = numpy.flatnonzero(doc.to_array("SENT_START") == 1)
        self.mentions: list[tuple[int, int, ActorMention]] = []
        self._at: dict[int, list[tuple[int, int, ActorMention]]] = {}
        actor_mentions = doc._.actor_mentions
        bounds = tokens_of(doc, [(mention.start, mention.end) for mention in actor_mentions])
        for (start, end), mention in zip(bounds, actor_mentions, strict=True):
            entry = (start, end, mention)
            self.mentions.append(entry)
            for i in range(start, end):
                self._at.setdefault(i, []).append(entry)
        self._ends = [end for _, end, _ in self.mentions]
        self.timexes = self._dates()

    def _dates(self) -> dict[int, Timex]:
        """Returns the resolved dates by every token of their expressions."""
        dated = [timex for timex in self.doc._.timexes if timex.first is not None and timex.kind is TimexKind.DATE]
        bounds = tokens_of(self.doc, [(timex.start, timex.end) for timex in dated])
        return {i: timex for (start, end), timex in zip(bounds, dated, strict=True) for i in range(start, end)}

    def sentence(self, i: int) -> tuple[int, int]:
        """Returns the bounds of the sentence of token i (end exclusive), at most `_SENTENCE` tokens away."""
        n = int(numpy.searchsorted(self._starts, i, side="right"))
        start = int(self._starts[n - 1]) if n else 0
        end = int(self._starts[n]) if n < len(self._starts) else len(self.doc)
        return max(start, i - _SENTENCE), min(end, i + _SENTENCE)

    def at(self, i: int) -> list[ActorMention]:
        """Returns the mention that covers token i: the longest, or several where one phrase means several actors."""
        entries = self._at.get(i)
        if not entries:
            return []
        start, end, _ = max(entries, key=lambda entry: (entry[1] - entry[0], -entry[0]))
        return [mention for s, e, mention in entries if (s, e) == (start, end)]

    def covered(self, start: int, end: int) -> list[tuple[int, int, ActorMention]]:
        """Returns the mentions that lie wholly in tokens start to end, the longest where they overlap."""
        found: dict[tuple[int, int, str], tuple[int, int, ActorMention]] = {}
        for i in range(start, end):
            entries = self._at.get(i, ())
            longest = max(((e - s) for s, e, _ in entries if s >= start and e <= end), default=0)
            for s, e, mention in entries:
                if s >= start and e <= end and e - s == longest:
                    found[s, e, mention.actor] = (s, e, mention)
        return list(found.values())

    def side(self, mention: ActorMention, token: int) -> Side:
        """Returns whom a mention stands for as a party."""
        actor = self._people(mention)
        represented = self.represents.get(actor)
        if represented is None:
            return Side(actor=actor, signer=None, token=token)
        person = self.kinds.get(mention.actor) is ActorKind.PERSON
        return Side(actor=represented, signer=mention.actor if person else None, token=token)

    def _people(self, mention: ActorMention) -> str:
        """Returns the group that "the Serbs" means where the article tells of the Bosnian Serbs."""
        if mention.form is not Form.DEMONYM or not mention.text.endswith("s"):
            return mention.actor
        return self._groups.get(mention.text.lower(), mention.actor)

    def sides(self, head: Token, depth: int = 0) -> list[Side]:
        """Returns the actors of a noun phrase in a party's place, its coordinated parts and appositions included."""
        found: list[Side] = []
        if depth > _DEPTH:
            return found
        named = bool(self.at(head.i))
        found.extend(self._own(head, depth))
        found.extend(self._before(head))
        if not named:
            listed = [self.sides(child, depth + 1) for child in head.children if child.dep_ == "appos"]
            best = max(listed, key=len, default=[])
            if len(best) > max(1, len(found)) or (best and len(found) == 1 and self._modified(head)):
                return best  # "the US automakers Chrysler, Ford and GM", "the Palestinian group Hamas"
        for child in head.children:
            if (
                (child.dep_ == "conj" and child.pos_ not in {"VERB", "AUX"} and joined(head, child))
                or (child.dep_ == "appos" and not found)
                or (child.dep_ == "appos" and self._listed(head, child))
            ):
                found.extend(self.sides(child, depth + 1))
        return _unique(found)

    def _listed(self, head: Token, child: Token) -> bool:
        """Whether "Russia, Turkey" was read as an apposition although it lists two actors."""
        mine, other = self.at(head.i), self.at(child.i)
        if not mine or not other or mine[0].actor == other[0].actor:
            return False
        same = self.kinds.get(mine[0].actor) is self.kinds.get(other[0].actor)
        return (
            same and child.i - head.i <= 4 and any(t.text in {",", "/", "-", "and"} for t in self.doc[head.i : child.i])
        )

    def _own(self, head: Token, depth: int) -> list[Side]:
        mentions = self.at(head.i)
        if mentions:
            sides = [self.side(mention, head.i) for mention in mentions]
            plural_role = head.tag_ in {"NNS", "NNPS"} and head.lemma_.lower() in self.lexicon.sets["offices"]
            return sides + self._through(head, depth) if plural_role else sides
        if head.lower_ in _PRONOUNS:
            return self.antecedent(head)
        if head.tag_ == "CD":  # "twelve of OPEC's 13 members"
            members = [obj for obj in linked(head, _OF, deep=False) if obj.lemma_.lower() in _MEMBERS]
            return [side for obj in members for side in self.sides(obj, depth + 1)]
        return self._through(head, depth)

    def _before(self, head: Token) -> list[Side]:
        """Returns actors before a head that the parser took for its modifiers ("Yemen and Houthi rebels")."""
        mentions = self.at(head.i)
        if not mentions:
            return []
        found: list[Side] = []
        for child in head.lefts:
            if child.dep_ in {"nmod", "compound", "amod", "poss"} and any(
                c.dep_ in {"cc", "conj"} for c in child.children
            ):
                found.extend(self.side(m, child.i) for m in self.at(child.i) if m.actor != mentions[0].actor)
        return found

    def _through(self, head: Token, depth: int) -> list[Side]:
        """Returns the actors that show through a role or group noun ("the leaders of X", "Turkish officials")."""
        lower = head.lower_
        if head.lemma_.lower() not in self.lexicon.sets["side_words"] and lower not in self.lexicon.sets["collective"]:
            return []
        found: list[Side] = []
        business = head.lemma_.lower() in self.lexicon.sets["businesses"] and head.tag_ in {"NN", "NNP"}
        for child in head.children:
            if business and child.dep_ == "amod":
                continue
            if child.dep_ in {"amod", "compound", "nmod", "poss", "nummod"} and child.i < head.i:
                found.extend(self._modifier(child))
                if child.dep_ == "poss" and found:  # "GenCorp's Aerojet unit": the parent is the side
                    return found
            elif (
                child.dep_ == "prep"
                and child.lower_ in {"of", "from", "for", "in"}
                and (child.lower_ != "in" or not found)
            ):
                for obj in child.children:
                    if obj.dep_ == "pobj" and (
                        child.lower_ != "in" or lower in {"government", "rebels", "authorities"}
                    ):
                        found.extend(self.sides(obj, depth + 1))
        if not found and lower in self.lexicon.sets["collective"]:
            return self.pair(head.i)
        if not found and business and any(child.lower_ == "the" for child in head.lefts):
            return self._company(head.i)
        return found

    def _company(self, before: int) -> list[Side]:
        """Returns the organisation spoken of last ("the airline signed"), in this sentence and the two before."""
        start = before
        for _ in range(3):
            start = self.sentence(max(0, start - 1))[0]
        found = [
            (self.doc[e - 1].dep_ in _SUBJECTS, e, mention)
            for s, e, mention in self._recent(before)
            if s >= start and self.kinds.get(mention.actor) is ActorKind.ORGANIZATION
        ]
        best = max(found, key=lambda entry: entry[:2], default=None)  # the last that acted, else the last
        return [self.side(best[2], best[1] - 1)] if best is not None else []

    def _recent(self, before: int) -> list[tuple[int, int, ActorMention]]:
        upto = bisect.bisect_right(self._ends, before)
        return self.mentions[max(0, upto - _RECENT) : upto]

    def _modified(self, head: Token) -> bool:
        return any(m.form is Form.DEMONYM for child in head.lefts for m in self.at(child.i))

    def _modifier(self, token: Token) -> list[Side]:
        found: list[Side] = []
        for part in (token, *(child for child in token.subtree if child.dep_ == "conj")):
            nxt = self.doc[part.i + 1] if part.i + 1 < len(self.doc) else part
            if self.favoured(part.i):
                continue
            if nxt.text == "-" and part.i + 2 < len(self.doc) and self._blocks(self.doc[part.i + 2].lower_):
                continue
            found.extend(self.side(mention, part.i) for mention in self.at(part.i))
        return found

    def favoured(self, i: int) -> bool:
        """Whether the name at token i only says whom somebody is for or against ("pro-Russian rebels")."""
        return i > 1 and self.doc[i - 1].text == "-" and self.doc[i - 2].lower_ in {"pro", "anti", "ex", "non"}

    def _blocks(self, word: str) -> bool:
        brokers = self.lexicon.brokers
        return word in brokers["suffixes"] or word in brokers["not_party_suffixes"]

    def pair(self, before: int) -> list[Side]:
        """Returns the two actors spoken of last as a pair ("the two sides"): coordinated, else the last two alike."""
        recent = self._recent(before)
        for (s1, e1, one), (s2, _e2, two) in zip(reversed(recent[:-1]), reversed(recent[1:]), strict=False):
            between = self.doc[e1:s2].text.lower().strip()
            if one.actor != two.actor and between in {"and", "-", "and the", "with", "with the", "and its", "/"}:
                sides = [self.side(one, s1), self.side(two, s2)]
                if sides[0].actor != sides[1].actor:
                    return sides
        return self._last_two(before)

    def _last_two(self, before: int) -> list[Side]:
        """Returns the last two different actors of one kind in this sentence and the one before."""
        start = self.sentence(before)[0]
        start = self.sentence(start - 1)[0] if start else 0
        recent = self._recent(before)
        for kind in (ActorKind.COUNTRY, ActorKind.ORGANIZATION, ActorKind.PERSON):
            seen: dict[str, Side] = {}
            for s, e, mention in recent:
                if s >= start and self.kinds.get(mention.actor) is kind:
                    seen[mention.actor] = self.side(mention, e - 1)
            if len(seen) == 2:
                return list(seen.values())
        return []

    def antecedent(self, pronoun: Token) -> list[Side]:
        """Returns whom a pronoun subject means: the subject that reports it, else the last sentence's subject."""
        plural = pronoun.lower_ in {"they", "them", "their"}
        verb = pronoun.head
        for _ in range(_CLIMB):
            if verb.head is verb:
                break
            verb = verb.head
            for child in verb.children:
                if child.dep_ in _SUBJECTS and child.i != pronoun.i and child.lower_ not in _PRONOUNS:
                    sides = self._subject_sides(child, verb, 1)
                    if sides and (len(sides) > 1 or not plural):
                        return sides
        previous = self._last_subject(self.sentence(pronoun.i)[0])
        if previous and (not plural or len(previous) > 1):
            return previous
        return self.pair(pronoun.i) if plural else previous

    def _last_subject(self, before: int) -> list[Side]:
        if before <= 0:
            return []
        start, _ = self.sentence(before - 1)
        root = next((token for token in self.doc[start:before] if token.dep_ == "ROOT" and token.pos_ == "VERB"), None)
        if root is None:
            return []
        for child in root.children:
            if child.dep_ in _SUBJECTS and child.lower_ not in _PRONOUNS:
                return self._subject_sides(child, root, 1)
        return []

    def subjects(self, verb: Token) -> list[Side]:
        """Returns the actors who do a verb."""
        found: list[Side] = []
        for subject in self.subject(verb):
            found.extend(self._subject_sides(subject, verb, 0))
        return _unique(found)

    def _subject_sides(self, subject: Token, verb: Token, depth: int) -> list[Side]:
        dateline = self.dateline_end(subject.i)
        if subject.i < dateline <= verb.i:
            return self._listed_from(dateline, verb.i)
        sides = self.sides(subject, depth)
        group = subject.lemma_.lower() in self.lexicon.sets["side_words"]
        return [*self._cut_off(subject, dateline), *sides] if len(sides) == 1 or (group and not sides) else sides

    def dateline_end(self, i: int) -> int:
        """Returns where the sentence of token i begins after its dateline ("DETROIT (AP) - "), if it has one."""
        start, end = self.sentence(i)
        if not self.doc[start].is_upper or len(self.doc[start]) < 2:
            return start
        for token in self.doc[start + 1 : min(end, start + 16)]:  # datelines name city, country, date and agency
            if token.text in _DASHES and token.nbor(-1).whitespace_:
                return min(token.i + 1, end - 1)
            if token.pos_ == "VERB":
                break
        return start

    def _listed_from(self, start: int, stop: int) -> list[Side]:
        """Returns the actors listed from a sentence's start to its verb, up to the first that is not coordinated."""
        found: list[Side] = []
        entries = self.covered(start, stop)
        for n, (_s, e, mention) in enumerate(entries):
            if e < len(self.doc) and self.doc[e].tag_ == "POS":
                continue
            if mention.form is Form.DEMONYM and n + 1 < len(entries) and self._titles(e, entries[n + 1]):
                continue  # "Israeli Prime Minister Benjamin Netanyahu": the person speaks for the country
            found.append(self.side(mention, e - 1))
            if e < stop and self.doc[e].lower_ not in {",", "and", "(", "-"}:
                break
        return found

    def _titles(self, end: int, following: tuple[int, int, ActorMention]) -> bool:
        person = self.kinds.get(following[2].actor) is ActorKind.PERSON
        between = {token.lower_ for token in self.doc[end : following[0]]}
        return person and following[0] - end <= 6 and not between & {"and", ","}

    def _cut_off(self, subject: Token, start: int) -> list[Side]:
        """Returns the first part of "X and Y signed" where the parser cut X off at the start of the sentence."""
        edge = subject.left_edge.i
        if start >= edge - 1:  # the parser even ended the sentence there: go back to the line break
            while start > max(0, edge - 12) and "\n" not in self.doc[start - 1].text:
                start -= 1
        if not start < edge <= start + 12 or self.doc[edge - 1].lower_ not in {"and", ","}:
            return []
        return self._listed_from(start, edge - 1)

    def subject(self, verb: Token) -> list[Token]:
        """Returns who does the verb: its own subjects, those of the verb it hangs on, or what it modifies."""
        for climbed in range(_CLIMB):
            own = [relative(child) for child in verb.children if child.dep_ in _SUBJECTS]
            if own:
                nobody = climbed and verb.lemma_ == "be" and own[0].lower_ == "it"  # "it was not possible to"
                return [] if nobody else own
            if verb.dep_ in {"relcl", "acl"}:
                trying = verb.head.lemma_ in _TRYING and verb.head.dep_ == "pobj"
                if not trying or verb.head.head.head.pos_ != "VERB":
                    return [verb.head]
                verb = verb.head.head.head  # "met in an effort to settle a contract"
                continue
            if verb.dep_ == "pcomp":
                verb = verb.head.head
                if verb.lemma_ in _ACCUSING:
                    accused = [child for child in verb.children if child.dep_ in {"dobj", "nsubjpass"}]
                    if not any(child.lower_ == "other" for child in accused):  # "accused each other of"
                        return accused
            elif verb.dep_ in {"xcomp", "conj", "advcl", "ccomp", "aux", "auxpass"} and verb.head is not verb:
                if verb.dep_ == "ccomp" and verb.tag_ not in {"VB", "VBG", "VBN"}:
                    return []
                asked = verb.dep_ != "conj" and verb.head.lemma_ in _ASKING
                verb = verb.head
                if asked:
                    told = [child for child in verb.children if child.dep_ in {"dobj", "nsubjpass"}]
                    if told:  # "urged Israel and Hamas to accept"
                        return told
            else:
                return []
        return []


def _unique(sides: list[Side]) -> list[Side]:
    seen: dict[tuple[str, str | None], Side] = {}
    for side in sides:
        seen.setdefault((side.actor, side.signer), side)
    return list(seen.values())
