"""Matches articles that were noted against the rules, in the stories they are in by now."""

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence

from transforms.alert.article_alerts import Candidate, article_drafts, stored_candidates
from transforms.alert.ledger import record_drafts
from transforms.alert.rulebook import Rulebook, about_articles
from transforms.dedupe.roles import in_role, roles_of
from transforms.dedupe.stories import Role
from transforms.store.protocol import Collection, Store

_UNDATED = "9999"  # an article without a date speaks last


def match_articles(
    store: Store,
    articles: Iterable[str],
    rulebook: Rulebook,
    made: Mapping[str, datetime.datetime],
    now: datetime.datetime,
) -> int:
    """Records the alerts that articles give rise to; returns how many are new.

    Which story an article is of, and whether it copies another, follows from all that is listed by now, and is read by
    id: a search would not find what another worker wrote a moment ago.

    Args:
        store: Where articles are indexed and alerts are recorded.
        articles: Ids of articles.
        rulebook: The rules.
        made: When each rule was made; a rule that is not in it sees everything.
        now: When the alerts are made.
    """
    if not about_articles(rulebook.rules):
        return 0
    candidates, members = placed(store, list(articles))
    return record_drafts(store, article_drafts(candidates, members, rulebook, made, now), rulebook)


def placed(store: Store, articles: Sequence[str]) -> tuple[list[Candidate], dict[str, tuple[str, ...]]]:
    """Returns stored articles in the roles they have by now, the earliest first, and the articles of their stories."""
    found = stored_candidates(store, list(store.get(Collection.ARTICLES, articles).values()))
    roles = roles_of(store, sorted({one.article.content_hash for one in found}))
    members: dict[str, list[str]] = {}
    for article, role in roles.items():
        members.setdefault(role.story, []).append(article)
    candidates = sorted((_in_role(one, roles) for one in found), key=_order)
    return candidates, {story: tuple(sorted(ids)) for story, ids in members.items()}


def _in_role(one: Candidate, roles: Mapping[str, Role]) -> Candidate:
    role = roles.get(one.article.id)
    return one if role is None else dataclasses.replace(one, article=in_role(one.article, role))


def _order(one: Candidate) -> tuple[str, str]:
    return one.article.published or _UNDATED, one.article.id
