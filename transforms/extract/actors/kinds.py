"""What a name is the name of: a person, an organization, an armed group, or no actor at all."""

from transforms.extract.actors.candidates import Candidate
from transforms.extract.actors.cues import is_described
from transforms.extract.actors.gazetteer import is_acronym
from transforms.extract.actors.text import Words
from transforms.extract.actors.trained import PARTICLES
from transforms.extract.actors.words import word_lists
from transforms.records import ActorKind

# Weights of evidence, in mentions of the trained label: what the words say outweighs a few wrong labels. Calibrated on
# cases of tests/quality/cases/actors-*.yaml.
_TITLE = 5.0  # "President X", "Mr X"
_HEAD = 5.0  # "X Corp", "X Ministry"
_ACRONYM = 4.0
_GIVEN_NAME = 3.0
_PLACE_NOUN = 2.0  # "X province"
_LOCATIVE = 0.7  # "in X": organizations are "in" things too
_LOCATIVE_PERSON = 2.0  # nobody is "in" a person
_DESCRIBED = 3.0  # "the daily X", "gas producer X"
_WEAK = 0.6


def kind_of(words: Words, members: list[Candidate]) -> ActorKind | None:
    """Returns what the members (one name each time) are the name of, or None for no actor."""
    person = org = place = people = 0.0
    for member in members:
        person += (member.label == "PERSON") + _TITLE * member.titled
        org += (member.label == "ORG") + _WEAK * (member.label in ("WORK_OF_ART", "PRODUCT"))
        place += (member.label in ("GPE", "LOC", "FAC", "EVENT", "LAW")) + _place_context(words, member)
        org += _DESCRIBED * (member.described or is_described(words, member))
        people += member.label == "NORP"
    org_words, person_words = _by_words(words, members[0])
    org, person = org + org_words, person + person_words
    best = max(person, org, place, people)
    if is_armed(words, members) and not (
        person == best and (person_words >= _GIVEN_NAME or any(it.titled for it in members))
    ):
        return ActorKind.ARMED_GROUP
    if best == org:
        return ActorKind.ORGANIZATION
    if best == person:
        return ActorKind.PERSON
    return ActorKind.OTHER if any(_acts(words, member) for member in members) else None


def _by_words(words: Words, member: Candidate) -> tuple[float, float]:
    lists = word_lists()
    key, text = member.key, words.text[member.first]
    org = person = 0.0
    if len(key) > 1 and (key[-1] in lists.org_heads or key[0] in lists.org_heads):
        org += _HEAD
    if len(key) == 1 and is_acronym(text) and not words.shout[member.first]:
        org += _ACRONYM
    if len(key) > 1 and key[0] in lists.given_names and not org:
        person += _GIVEN_NAME
    if len(key) > 2 and any(word in PARTICLES for word in key[1:-1]) and not org:
        person += 1
    return org, person


def _place_context(words: Words, member: Candidate) -> float:
    lists = word_lists()
    score = 0.0
    before = words.key[member.first - 1] if member.first else ""
    after = words.key[member.last] if member.last < len(words) else ""
    if before in lists.locative:
        score += _LOCATIVE_PERSON if member.label == "PERSON" and before in ("in", "at", "near") else _LOCATIVE
    noun = after in lists.place_nouns or after in lists.not_actor_heads
    if noun and not words.between(member.last - 1, member.last).strip():
        score += _PLACE_NOUN
    if before == "the" and after and not words.capital[member.last] and len(member.key) == 1:
        score += _LOCATIVE
    return score


def _acts(words: Words, member: Candidate) -> bool:
    head = words.head(member.first, member.last)
    return head.dep_ in ("nsubj", "agent") and head.head.lemma_ in word_lists().speech_verbs


def is_armed(words: Words, members: list[Candidate]) -> bool:
    """Says whether the name or the words around it speak of an armed group."""
    lists = word_lists()
    name = f"{' '.join(members[0].key)} "
    if any(phrase in name for phrase in lists.armed_names):
        return True
    return any(_has_cue(words, member) for member in members)


def _has_cue(words: Words, member: Candidate) -> bool:
    lists = word_lists()
    after = [words.key[i] for i in range(member.last, min(member.last + 1, len(words)))]
    if after and after[0] in lists.armed_cues and not words.between(member.last - 1, member.last).strip():
        return True
    before = [words.key[i] for i in range(max(member.first - 3, 0), member.first)]
    if before and not words.between(member.first - 1, member.first).strip():
        grouped = before[-1] in lists.group_nouns or before[-1] in ("army", "force", "front")
        if grouped and not lists.armed_cues.isdisjoint(before):
            return True
        if before[-1] in ("rebels", "guerrillas", "militants", "insurgents", "separatists", "militia"):
            return True
        if before[-1] == "rebel" and member.label == "ORG":
            return True
        fighters = before[:-1] if before[-1] == "the" else before
        if len(fighters) > 1 and fighters[-1] == "of" and fighters[-2] in lists.armed_cues:  # "fighters of the X"
            return True
    return _cue_in_apposition(words, member.last) or _cue_before_comma(words, member.first)


def _cue_before_comma(words: Words, first: int) -> bool:
    """As in "the main rebel force, the X": the name is what the group before the comma is called."""
    lists = word_lists()
    comma = first - 1 if first and words.key[first - 1] == "the" else first
    if comma < 2 or words.between(comma - 1, comma).strip() != ",":
        return False
    group = words.key[comma - 1] in lists.group_nouns or words.key[comma - 1] in ("army", "force", "front", "movement")
    return group and words.key[comma - 2] in lists.armed_cues


def _cue_in_apposition(words: Words, i: int) -> bool:
    """As in "X, a Shiite militia" or "X, the largest rebel group": within five words after a comma and an article."""
    lists = word_lists()
    if i + 1 >= len(words) or words.between(i - 1, i).strip() != "," or words.key[i] not in ("a", "an", "the", "one"):
        return False
    for j in range(i + 1, min(i + 6, len(words))):
        if words.between(j - 1, j).strip(" -\n"):
            return False
        if words.key[j] in lists.role_heads:
            return False
        if words.key[j] in lists.armed_cues:
            following = words.key[j + 1] if j + 1 < len(words) else ""
            return following not in lists.role_heads
    return False
