"""The rules of a run together with the time each was made, and which articles each of them may see."""

import datetime
import functools
from collections.abc import Mapping, Sequence

from transforms.alert.condition import condition, tells_of_articles
from transforms.alert.match import Matcher
from transforms.alert.rule import Rule
from transforms.records import Article, digest, record
from transforms.store.protocol import Collection, Document, Store


@record
class Rulebook:
    """What a run matches against.

    Attributes:
        rules: The enabled ones.
        time_zone: Where days end.
        backfill: Whether rules see what was taken in before they were made.
    """

    rules: tuple[Rule, ...] = ()
    time_zone: str = "UTC"
    backfill: bool = False


def about_articles(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Returns the rules whose alerts are about articles."""
    return tuple(rule for rule in rules if tells_of_articles(rule))


def about_changes(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Returns the rules whose alerts are about agreements and deadlines."""
    return tuple(rule for rule in rules if not tells_of_articles(rule))


@functools.lru_cache(maxsize=16)  # compiling 10,000 rules takes 0.2 s; a watch meets the same ones at every tick
def matcher_for(rules: tuple[Rule, ...], collection: Collection) -> tuple[Matcher, frozenset[str]]:
    """Returns the compiled conditions of the rules on a collection, and the names of the rules that have one."""
    trees = {rule.name: tree for rule in rules if (tree := condition(rule, collection)) is not None}
    return Matcher(collection, trees), frozenset(trees)


def rule_times(store: Store, rules: Sequence[Rule], now: datetime.datetime) -> dict[str, datetime.datetime]:
    """Returns when each rule was made; one not met before is made now.

    Args:
        store: Where rules are noted, by name.
        rules: Those loaded.
        now: When they were loaded.
    """
    ids = {digest("rule", rule.name): rule.name for rule in rules}
    known = store.get(Collection.RULES, list(ids))
    new = [
        Document(id=key, body={"name": name, "made": now.isoformat()}) for key, name in ids.items() if key not in known
    ]
    if new:
        store.create(Collection.RULES, new)
        known = store.get(Collection.RULES, list(ids))
    return {ids[key]: datetime.datetime.fromisoformat(stored.body["made"]) for key, stored in known.items()}


def published_at(published: str | None) -> datetime.datetime | None:
    """Returns a publication date as a moment: a mere day is its first moment, UTC."""
    if published is None:
        return None
    moment = datetime.datetime.fromisoformat(published)
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def is_old_news(rule: Rule, article: Article) -> bool:
    """Returns whether an article was published longer before its intake than the rule wants to hear of."""
    published = published_at(article.published)
    if rule.max_age is None or published is None:
        return False
    return article.taken_in - published > rule.max_age


def may_see(rule: Rule, article: Article, made: Mapping[str, datetime.datetime], *, backfill: bool) -> bool:
    """Returns whether a rule tells of what an article brings: taken in since the rule was made, and no old news."""
    if article.backfilled and not backfill:
        return False
    since = backfill or rule.name not in made or article.taken_in >= made[rule.name]
    return since and not is_old_news(rule, article)
