"""Says whom pronouns mean; with that an article can be followed from a deed to those who do it."""

from spacy.tokens import Token

from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.phrases import PRONOUNS, SUBJECTS
from transforms.extract.agreements.subjects import CLIMB, Subjects


class View(Subjects):
    """One article as the agreement rules see it. Made for one Doc, then thrown away."""

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
        for _ in range(CLIMB):
            if verb.head is verb:
                break
            verb = verb.head
            for child in verb.children:
                own = child.i in {pronoun.i, pronoun.head.i}  # "his government" does not mean itself
                if child.dep_ in SUBJECTS and not own and child.lower_ not in PRONOUNS:
                    sides = self.subject_sides(child, verb, 1)
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
            if child.dep_ in SUBJECTS and child.lower_ not in PRONOUNS:
                return self.subject_sides(child, root, 1)
        return []
