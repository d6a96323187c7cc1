"""Finds the actors that a noun phrase in a party's place stands for."""

import abc

from spacy.tokens import Token

from transforms.extract.agreements.counted import counted
from transforms.extract.agreements.gathered import leaders, meeting_places
from transforms.extract.agreements.lookup import Lookup, Side
from transforms.extract.agreements.parse import joined, linked, right_preps
from transforms.extract.layers import ActorMention, Form
from transforms.records import ActorKind

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
PRONOUNS = frozenset({"it", "they", "he", "she", "we", "them", "him", "her", "its", "their", "his"})
_FIGHTING = frozenset({"warring", "rival", "feuding", "opposing"})
_GROUPS = frozenset({"group", "consortium", "syndicate", "coalition", "alliance", "committee", "panel"})
_UNITS = frozenset({"unit", "subsidiary", "arm"})
_NAMES = frozenset({Form.NAME, Form.ABBREVIATION})
_GROUPED = frozenset({ActorKind.ARMED_GROUP, ActorKind.ORGANIZATION, ActorKind.OTHER})
_OWN = frozenset({"his", "her", "its", "their"})
_RULING = frozenset({"government", "administration", "cabinet"})
_DEFINITE = frozenset({"the", "both", "two", "three", "these"})
_OF = frozenset({"of"})
_TO = frozenset({"to", "with"})
_MEMBERS = frozenset({"member", "state", "nation", "country", "minister", "party", "signatory"})
_REGIONS = frozenset({"region", "republic", "province", "territory", "enclave", "statelet"})
_DEPTH = 12  # members of the longest coordinations, each hanging on the one before


class Phrases(Lookup, abc.ABC):
    """The noun phrases of one article; whom its pronouns mean is for a subclass to say."""

    @abc.abstractmethod
    def antecedent(self, pronoun: Token, *, near: bool = False) -> list[Side]:
        """Returns whom a pronoun means."""

    def sides(self, head: Token, depth: int = 0) -> list[Side]:
        """Returns the actors of a noun phrase in a party's place, its coordinated parts and appositions included."""
        found: list[Side] = []
        if depth > _DEPTH:
            return found
        here = self.at(head.i)
        named = any(mention.form is not Form.COLLECTIVE for mention in here)
        found.extend(self.own(head, depth))
        found.extend(self._before(head))
        if not named:
            listed = [self.sides(child, depth + 1) for child in head.children if child.dep_ == "appos"]
            best = max(listed, key=len, default=[])
            business = head.lemma_.lower() in self.lexicon.sets["businesses"] | _UNITS  # "its gas company Sonatrach"
            if here and len(best) > 1:
                return best  # "the two Islamist groups, Hamas and Islamic Jihad"
            if len(best) > max(1, len(found)) or (best and len(found) == 1 and (self._modified(head) or business)):
                return best  # "the US automakers Chrysler, Ford and GM", "the Palestinian group Hamas"
        for child in head.children:
            if (
                (child.dep_ == "conj" and child.pos_ not in {"VERB", "AUX"} and joined(head, child))
                or (child.dep_ == "appos" and not found)
                or (child.dep_ == "appos" and self._listed(head, child))
            ):
                found.extend(self.sides(child, depth + 1))
        return distinct(found)

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
        if head.lower_ in PRONOUNS:
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
        if head.lemma_.lower() in _REGIONS:  # "Georgia's breakaway region of Abkhazia"
            lands = [obj for obj in linked(head, _OF, deep=False) if self.at(obj.i)]
            if lands:
                return [side for obj in lands for side in self.sides(obj, depth + 1)]
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
            several = counted(self, head)
            if several is not None:
                return several
            after = (child.left_edge.i for child in head.children if child.dep_ == "conj")
            if head.i + 2 in after and self.doc[head.i + 1].text == ",":
                return []  # "the two groups, Hamas and Islamic Jihad": the names follow
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
            (self.doc[e - 1].dep_ in SUBJECTS, e, mention)
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


def distinct(sides: list[Side]) -> list[Side]:
    """Returns the sides once each, in their order; one side under two signers counts as two."""
    seen: dict[tuple[str, str | None], Side] = {}
    for side in sides:
        seen.setdefault((side.actor, side.signer), side)
    return list(seen.values())
