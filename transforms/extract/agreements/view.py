"""Follows the dependency parse from a deed to those who do it."""

from spacy.tokens import Token

from transforms.extract.agreements.gathered import leaders, meeting_places
from transforms.extract.agreements.listing import listed_before
from transforms.extract.agreements.lookup import Lookup, Side
from transforms.extract.agreements.parse import joined, linked, relative, right_preps
from transforms.extract.layers import ActorMention, Form
from transforms.records import ActorKind

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_PRONOUNS = frozenset({"it", "they", "he", "she", "we", "them", "him", "her", "its", "their", "his"})
_ACCUSING = frozenset({"accuse", "suspect", "blame", "criticise", "criticize", "condemn", "prevent", "stop"})
_ASKING = frozenset(
    {"urge", "ask", "persuade", "force", "tell", "press", "invite", "order", "push", "encourage", "convince", "allow"}
)
_TRYING = frozenset({"effort", "bid", "attempt", "push", "drive"})
_FIGHTING = frozenset({"warring", "rival", "feuding", "opposing"})
_GROUPS = frozenset({"group", "consortium", "syndicate", "coalition", "alliance", "committee", "panel"})
_TENSED = frozenset({"VBD", "VBZ", "VBP", "VBN"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_UNITS = frozenset({"unit", "subsidiary", "arm"})
_NAMES = frozenset({Form.NAME, Form.ABBREVIATION})
_GROUPED = frozenset({ActorKind.ARMED_GROUP, ActorKind.ORGANIZATION, ActorKind.OTHER})
_OWN = frozenset({"his", "her", "its", "their"})
_RULING = frozenset({"government", "administration", "cabinet"})
_DEFINITE = frozenset({"the", "both", "two", "three", "these"})
_OF = frozenset({"of"})
_TO = frozenset({"to", "with"})
_MEMBERS = frozenset({"member", "state", "nation", "country", "minister", "party", "signatory"})
_DEPTH = 12  # members of the longest coordinations, each hanging on the one before
_CLIMB = 12  # heads looked at upwards; clauses of news text nest far less deeply


class View(Lookup):
    """One article as the agreement rules see it. Made for one Doc, then thrown away."""

    def sides(self, head: Token, depth: int = 0) -> list[Side]:
        """Returns the actors of a noun phrase in a party's place, its coordinated parts and appositions included."""
        found: list[Side] = []
        if depth > _DEPTH:
            return found
        named = bool(self.at(head.i))
        found.extend(self.own(head, depth))
        found.extend(self._before(head))
        if not named:
            listed = [self.sides(child, depth + 1) for child in head.children if child.dep_ == "appos"]
            best = max(listed, key=len, default=[])
            business = head.lemma_.lower() in self.lexicon.sets["businesses"] | _UNITS  # "its gas company Sonatrach"
            if len(best) > max(1, len(found)) or (best and len(found) == 1 and (self._modified(head) or business)):
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
        if mine and not other and self.kinds.get(mine[0].actor) is ActorKind.PERSON:
            return self._introduces(child, mine[0].actor)
        if not mine or not other or mine[0].actor == other[0].actor:
            return False
        same = self.kinds.get(mine[0].actor) is self.kinds.get(other[0].actor)
        return (
            same and child.i - head.i <= 4 and any(t.text in {",", "/", "-", "and"} for t in self.doc[head.i : child.i])
        )

    def _introduces(self, office: Token, before: str) -> bool:
        """Whether an office after a person is that of the next in a list ("X, his deputy, Y, and the minister, Z")."""
        named = [mention for child in office.children if child.dep_ == "appos" for mention in self.at(child.i)]
        return any(m.actor != before and self.kinds.get(m.actor) is ActorKind.PERSON for m in named)

    def own(self, head: Token, depth: int) -> list[Side]:
        """Returns the actors of a noun itself, without those coordinated with it."""
        mentions = self.at(head.i)
        if mentions:
            named = self._named_group(head, mentions, depth)
            if named:
                return named
            ruling = self.ruling(head, mentions)
            if ruling:
                return ruling
            sides = self.on_behalf(head) or [self.side(mention, head.i) for mention in mentions]
            plural_role = head.tag_ in {"NNS", "NNPS"} and head.lemma_.lower() in self.lexicon.sets["offices"]
            return sides + self._through(head, depth) if plural_role else sides
        if head.lower_ in _PRONOUNS:
            meant = self.antecedent(head)
            if head.lower_ != "it":
                return meant
            return [side for side in meant if self.kinds.get(side.actor) is not ActorKind.PERSON] or self.thing_before(
                head
            )
        if head.like_num and head.lower_ not in self.lexicon.sets["collective"]:  # "twelve of OPEC's 13 members"
            members = [obj for obj in linked(head, _OF, deep=False) if obj.lemma_.lower() in _MEMBERS]
            return [side for obj in members for side in self.sides(obj, depth + 1)]
        return self._through(head, depth)

    def _named_group(self, head: Token, mentions: list[ActorMention], depth: int) -> list[Side]:
        """Returns the group that a common noun is of or is called ("rebels of the SPLA", "the last group, the ELN")."""
        if head.pos_ != "NOUN" or any(mention.form is not Form.ROLE for mention in mentions):
            return []
        after = self.doc[head.i + 1] if head.i + 1 < len(self.doc) else head
        own = [obj for obj in after.children if obj.dep_ == "pobj"] if after.lower_ == "of" else []
        for obj in (*own, *(child for child in head.children if child.dep_ == "appos")):
            named = [m for m in self.at(obj.i) if m.form in _NAMES and self.kinds.get(m.actor) in _GROUPED]
            if named and obj.i > head.i:
                return self.sides(obj, depth + 1)
        return []

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
        capital = lower.removesuffix("s") if head.tag_ == "NNPS" else head.lemma_.lower()  # "Bargainers for X and Y"
        if capital not in self.lexicon.sets["side_words"] | self.lexicon.epithets.keys() and (
            lower not in self.lexicon.sets["collective"]
        ):
            return []
        if lower == "parties" and self._at_home(head):
            return self.pair(head.i, lower)
        found: list[Side] = []
        business = head.lemma_.lower() in self.lexicon.sets["businesses"] and (
            head.tag_ in {"NN", "NNP"} or lower == "firms"
        )
        for child in head.children:
            country = any(self.kinds.get(mention.actor) is ActorKind.COUNTRY for mention in self.at(child.i))
            if business and (child.dep_ == "amod" or (country and child.dep_ != "prep" and child.dep_ != "poss")):
                continue
            if child.tag_ == "WP$":  # "the DUP, whose MPs"
                clause = next((token for token in head.ancestors if token.dep_ == "relcl"), head)
                found.extend(self.side(mention, clause.head.i) for mention in self.at(clause.head.i))
                continue
            if child.dep_ in {"amod", "compound", "nmod", "poss", "nummod"} and child.i < head.i:
                ruled = not depth and child.lower_ in _OWN and head.lemma_.lower() in _RULING
                own = self._ruled(child) if ruled else self._modifier(child)
                if child.dep_ == "poss" and any(side.signer for side in own) and self._bears_name(head):
                    continue  # "Mr. Shamir's Likud bloc"
                found.extend(own)
                if child.dep_ == "poss" and found:  # "GenCorp's Aerojet unit": the parent is the side
                    return found
            elif child.lower_ in {"loyal", "allied"} and child.i > head.i:  # "forces loyal to X"
                found.extend(side for obj in right_preps(child, _TO) for side in self.sides(obj, depth + 1))
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
        if not found and lower in _GROUPS:
            found = [side for obj in leaders(head, self.sentence(head.i)[1]) for side in self.sides(obj)]
        if not found and head.tag_ == "NNS":
            bodies = self.lexicon.sets["bodies"]
            met = (side for obj in meeting_places(head) for side in self.sides(obj))
            found = [side for side in met if self.names.get(side.actor, "").lower() in bodies][:1]
        if not found and lower in self.lexicon.sets["collective"]:
            lefts = {child.lower_ for child in head.lefts}
            others = "other" in lefts  # "and four other countries"
            bare = not lefts & _DEFINITE and head.lower_ not in {"both", "two", "three"}  # "77 developing countries"
            return [] if others or bare else self.pair(head.i, lower)
        if not found and any(child.lower_ == "the" for child in head.lefts):
            found = self._called(head)
        if not found and business and any(child.lower_ == "the" for child in head.lefts):
            return self._company(head.i)
        return found

    def _ruled(self, pronoun: Token) -> list[Side]:
        """Returns the country of the one whose government it is ("his government", said of a prime minister)."""
        return [side for side in self.antecedent(pronoun) if self.kinds.get(side.actor) is ActorKind.COUNTRY][:1]

    def _called(self, head: Token) -> list[Side]:
        """Returns the body meant by a common noun ("the alliance" where NATO is in the article)."""
        names = self.lexicon.epithets.get(head.lemma_.lower(), ())
        known = {name.lower(): actor for actor, name in self.names.items()}
        return [Side(actor=known[name], signer=None, token=head.i) for name in names if name in known][:1]

    def _bears_name(self, head: Token) -> bool:
        return any(child.dep_ == "compound" and self.at(child.i) for child in head.lefts)

    def _at_home(self, head: Token) -> bool:
        """Whether a country only says where political parties are ("Israel's two largest parties")."""
        lefts = list(head.lefts)
        countries = {
            m.actor for child in lefts for m in self.at(child.i) if self.kinds.get(m.actor) is ActorKind.COUNTRY
        }
        return len(countries) == 1 and not {child.lower_ for child in lefts} & _FIGHTING

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

    def _blocks(self, word: str) -> bool:
        brokers = self.lexicon.brokers
        return word in brokers["suffixes"] or word in brokers["not_party_suffixes"]

    def antecedent(self, pronoun: Token, *, near: bool = False) -> list[Side]:
        """Returns whom a pronoun subject means: the subject that reports it, else the last sentence's subject.

        Args:
            pronoun: "they", "its", "his".
            near: Look in its own sentence only.
        """
        if pronoun.i in self._resolving:  # "the firm that it says it owns": a pronoun in its own antecedent
            return []
        self._resolving.add(pronoun.i)
        try:
            return self._meant(pronoun, near=near)
        finally:
            self._resolving.discard(pronoun.i)

    def _meant(self, pronoun: Token, *, near: bool) -> list[Side]:
        plural = pronoun.lower_ in {"they", "them", "their"}
        verb = pronoun.head
        for _ in range(_CLIMB):
            if verb.head is verb:
                break
            verb = verb.head
            for child in verb.children:
                own = child.i in {pronoun.i, pronoun.head.i}  # "his government" does not mean itself
                if child.dep_ in _SUBJECTS and not own and child.lower_ not in _PRONOUNS:
                    sides = self._subject_sides(child, verb, 1)
                    if sides and (len(sides) > 1 or not plural or child.conjuncts):
                        return sides
        if near:
            return self.two_here(pronoun.i) if plural else []
        previous = self._last_subject(self.sentence(pronoun.i)[0])
        if previous and (not plural or len(previous) > 1):
            return previous
        return self.two_here(pronoun.i) if plural else previous

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
        found = _unique(found)
        return self._listed_here(verb, found) or found or self._left_behind(verb)

    def _left_behind(self, verb: Token) -> list[Side]:
        """Returns the sides of a subject that the parser made a sentence of its own ("X and the Y (Z) | signed a")."""
        start, _ = self.sentence(verb.i)
        first = next((token for token in self.doc[start : verb.i + 1] if token.pos_ not in {"AUX", "ADV"}), verb)
        chained = first.i == verb.i or (verb.dep_ == "xcomp" and first.i == verb.head.i)  # "| is set to receive a loan"
        if not chained or start == 0 or first.tag_ not in _TENSED or "\n" in self.doc[start - 1].text:
            return []
        begin, _ = self.sentence(start - 1)
        if any(token.tag_ in _FINITE for token in self.doc[begin:start]):
            return []
        begin = max(begin, self.dateline_end(start - 1) if self.dateline_end(start - 1) < start else begin)
        return _unique([self.side(m, e - 1) for _s, e, m in self.covered(begin, start) if m.form is not Form.PLACE])

    def _listed_here(self, verb: Token, found: list[Side]) -> list[Side]:
        """Returns the sides listed up to a verb where they are more than the parser shows ("President X and Y")."""
        if verb.tag_ not in _TENSED or verb.i == 0:
            return []
        listed = _unique(listed_before(self, verb, self.dateline_end(verb.i)))
        more = {side.actor for side in listed}
        known = {side.actor for side in found}
        lost = any(self.kinds.get(actor) is not ActorKind.PERSON for actor in known - more)
        holders = bool(known - more) and len(more) >= len(known)  # "the Prime Minister of India, Mr X,"
        return listed if len(more) > 1 and (len(more) > len(known) or holders) and not lost else []

    def _subject_sides(self, subject: Token, verb: Token, depth: int) -> list[Side]:
        dateline = self.dateline_end(subject.i)
        if subject.i < dateline <= verb.i:
            return self._listed_from(dateline, verb.i)
        sides = self.sides(subject, depth)
        group = subject.lemma_.lower() in self.lexicon.sets["side_words"] or self._broken_off(subject)
        return [*self._cut_off(subject, dateline), *sides] if len(sides) == 1 or (group and not sides) else sides

    def _broken_off(self, subject: Token) -> bool:
        """Whether the parser ended a sentence inside a list ("Ukraine and | the rebels who hold its east agreed")."""
        start, _ = self.sentence(subject.i)
        return start > 0 and self.doc[start - 1].lower_ == "and"

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
