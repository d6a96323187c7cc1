"""What people see in Kibana: for each kind of record a saved search, and the charts and dashboards over them."""

from collections.abc import Iterator, Mapping
from typing import Any

from transforms.records import record


@record
class View:
    """A data view with its saved search: the time by which it is filtered, the columns people read, how they sort."""

    collection: str
    time: str
    columns: tuple[str, ...]
    sort: tuple[tuple[str, str], ...]


@record
class Chart:
    """One visualization.

    Attributes:
        query: KQL; empty for all.
        buckets: Aggregations in order, each as (schema, type, its parameters).
    """

    id: str
    title: str
    view: str
    type: str
    buckets: tuple[tuple[str, str, Mapping[str, Any]], ...]
    query: str = ""


@record
class Dashboard:
    """A dashboard: its panels by id, two in a row; saved searches begin with `search-` and take a row."""

    id: str
    title: str
    description: str
    panels: tuple[str, ...]


VIEWS = (
    View(
        collection="articles",
        time="published",
        columns=("published", "title", "source", "actors", "kinds", "url"),
        sort=(("published", "desc"),),
    ),
    View(
        collection="agreements",
        time="created",
        columns=("reached", "kind", "status", "parties", "title", "place"),
        sort=(("created", "desc"),),
    ),
    View(
        collection="deadlines",
        time="date",
        columns=("date", "kind", "status", "action", "parties", "agreement_title"),
        sort=(("date", "asc"),),
    ),
    View(
        collection="failures",
        time="created",
        columns=("created", "stage", "locator", "error"),
        sort=(("created", "desc"),),
    ),
    View(
        collection="alerts",
        time="created",
        columns=("created", "rule", "kind", "severity", "title", "date"),
        sort=(("created", "desc"),),
    ),
)


def _top(field: str, size: int = 15, schema: str = "segment") -> tuple[str, str, Mapping[str, Any]]:
    return schema, "terms", {"field": field, "orderBy": "1", "order": "desc", "size": size}


def _over_time(field: str, schema: str = "segment") -> tuple[str, str, Mapping[str, Any]]:
    return schema, "date_histogram", {"field": field, "interval": "auto", "min_doc_count": 0, "drop_partials": False}


CHARTS = (
    Chart(
        id="articles-over-time",
        title="Articles over time",
        view="articles",
        type="histogram",
        buckets=(_over_time("published"),),
    ),
    Chart(
        id="top-actors",
        title="Top actors",
        view="articles",
        type="table",
        buckets=(_top("actors.keyword", 20, "bucket"),),
    ),
    Chart(
        id="new-agreements",
        title="New agreements",
        view="agreements",
        type="histogram",
        buckets=(_over_time("created"), _top("kind", 20, "group")),
    ),
    Chart(
        id="agreements-by-kind", title="Agreements by kind", view="agreements", type="pie", buckets=(_top("kind", 20),)
    ),
    Chart(
        id="agreements-by-status",
        title="Agreements by status",
        view="agreements",
        type="pie",
        buckets=(_top("status", 20),),
    ),
    Chart(
        id="party-by-party",
        title="Who agrees with whom",
        view="agreements",
        type="heatmap",
        buckets=(_top("parties.keyword", 20), _top("parties.keyword", 20, "group")),
    ),
    Chart(
        id="upcoming-deadlines",
        title="Upcoming deadlines",
        view="deadlines",
        type="table",
        query="date >= now/d and status: open",
        buckets=(_over_time("date", "bucket"), _top("agreement_title.keyword", 20, "bucket")),
    ),
    Chart(
        id="moved-deadlines",
        title="Moved deadlines",
        view="deadlines",
        type="table",
        query="status: extended",
        buckets=(_top("agreement_title.keyword", 20, "bucket"),),
    ),
    Chart(
        id="passed-deadlines",
        title="Passed deadlines",
        view="deadlines",
        type="histogram",
        query="date < now/d",
        buckets=(_over_time("date"), _top("status", 5, "group")),
    ),
    Chart(
        id="alerts-over-time",
        title="Alerts over time",
        view="alerts",
        type="histogram",
        buckets=(_over_time("created"), _top("rule", 15, "group")),
    ),
    Chart(
        id="alerts-by-rule", title="Alerts by rule", view="alerts", type="table", buckets=(_top("rule", 30, "bucket"),)
    ),
)

DASHBOARDS = (
    Dashboard(
        id="desk",
        title="Pactwatch: the desk",
        description="What came in: articles over time, who is in the news, new agreements.",
        panels=("articles-over-time", "top-actors", "new-agreements", "search-articles"),
    ),
    Dashboard(
        id="agreements",
        title="Pactwatch: agreements",
        description="Agreements by kind and status, and who agrees with whom.",
        panels=("agreements-by-kind", "agreements-by-status", "party-by-party", "search-agreements"),
    ),
    Dashboard(
        id="deadlines",
        title="Pactwatch: deadlines",
        description="Upcoming, moved and passed deadlines. Set the time filter to the days you look at.",
        panels=("upcoming-deadlines", "moved-deadlines", "passed-deadlines", "search-deadlines"),
    ),
    Dashboard(
        id="alerts",
        title="Pactwatch: alerts",
        description="Alerts over time and by rule.",
        panels=("alerts-over-time", "alerts-by-rule", "search-alerts"),
    ),
)


def fields_used(name: str) -> Iterator[str]:
    """Yields the fields that a view and its charts use, with their suffixes."""
    for view in VIEWS:
        if view.collection == name:
            yield from (view.time, *view.columns, *(field for field, _ in view.sort))
    for chart in CHARTS:
        if chart.view == name:
            yield from (given["field"] for _, _, given in chart.buckets)
