"""Finds who does a deed: the subjects of its verb, also where the parser cut the list of them apart."""

from spacy.tokens import Token

from transforms.extract.agreements.listing import listed_before
from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.parse import relative
from transforms.extract.agreements.phrases import SUBJECTS, Phrases, distinct
from transforms.extract.layers import ActorMention, Form
from transforms.records import ActorKind

_ACCUSING = frozenset({"accuse", "suspect", "blame", "criticise", "criticize", "condemn", "prevent", "stop"})
_ASKING = frozenset(
    {"urge", "ask", "persuade", "force", "tell", "press", "invite", "order", "push", "encourage", "convince", "allow"}
)
_TRYING = frozenset({"effort", "bid", "attempt", "push", "drive"})
_TENSED = frozenset({"VBD", "VBZ", "VBP", "VBN"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_WILLS = frozenset({"decision", "plan", "intention", "move", "threat", "refusal", "commitment", "promise", "pledge"})
CLIMB = 12  # heads looked at upwards; clauses of news text nest far less deeply


class Subjects(Phrases):
    """The verbs of one article and those who do them."""

    def subjects(self, verb: Token) -> list[Side]:
        """Returns the actors who do a verb."""
        found: list[Side] = []
        for subject in self.subject(verb):
            found.extend(self.subject_sides(subject, verb, 0))
        found = distinct(found)
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
        return distinct([self.side(m, e - 1) for _s, e, m in self.covered(begin, start) if m.form is not Form.PLACE])

    def _listed_here(self, verb: Token, found: list[Side]) -> list[Side]:
        """Returns the sides listed up to a verb where they are more than the parser shows ("President X and Y")."""
        if verb.tag_ not in _TENSED or verb.i == 0:
            return []
        listed = distinct(listed_before(self, verb, self.dateline_end(verb.i)))
        more = {side.actor for side in listed}
        known = {side.actor for side in found}
        lost = any(self.kinds.get(actor) is not ActorKind.PERSON for actor in known - more)
        holders = bool(known - more) and len(more) >= len(known)  # "the Prime Minister of India, Mr X,"
        return listed if len(more) > 1 and (len(more) > len(known) or holders) and not lost else []

    def subject_sides(self, subject: Token, verb: Token, depth: int) -> list[Side]:
        """Returns the actors of a verb's subject, with the first of them where a dateline or the parser hides it."""
        dateline = self.dateline_end(subject.i)
        if subject.i < dateline <= verb.i:
            return self._listed_from(dateline, verb.i)
        sides = self.sides(subject, depth)
        group = subject.lemma_.lower() in self.lexicon.sets["side_words"] or self._broken_off(subject)
        before = self.doc[max(0, subject.left_edge.i - 1)].lower_
        listed = before == "and" and subject.lower_ in self.lexicon.sets["collective"]  # "Iran | and six world powers"
        cut = len(sides) == 1 or listed or (group and not sides)
        return [*self._cut_off(subject, dateline), *sides] if cut else sides

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
        for climbed in range(CLIMB):
            own = [relative(child) for child in verb.children if child.dep_ in SUBJECTS]
            if own:
                nobody = climbed and verb.lemma_ == "be" and own[0].lower_ == "it"  # "it was not possible to"
                if climbed and verb.lemma_ == "join":  # "Croats joined the government in signing"
                    own.extend(child for child in verb.children if child.dep_ == "dobj")
                return [] if nobody else own
            if verb.dep_ in {"relcl", "acl"}:
                trying = verb.head.lemma_ in _TRYING and verb.head.dep_ == "pobj"
                if not trying or verb.head.head.head.pos_ != "VERB":
                    return _whose(verb)
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


def _whose(verb: Token) -> list[Token]:
    """Returns the owner of a decision for the deed that is decided ("its decision to end the truce")."""
    owners = [child for child in verb.head.lefts if child.dep_ == "poss"]
    decided = verb.dep_ == "acl" and verb.tag_ == "VB" and verb.head.lemma_.lower() in _WILLS
    return owners if decided and owners else [verb.head]
