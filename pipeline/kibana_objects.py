"""Puts the pages of `kibana_pages` into the form of Kibana's saved objects.

The forms are those that Kibana 8.9 and later exports and 9 imports: data views are `index-pattern`, charts are
aggregation-based visualizations, whose form has been the same since 7; `typeMigrationVersion` says which form each has.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.kibana_pages import CHARTS, DASHBOARDS, VIEWS, Chart, Dashboard, View
from transforms.store.fields import FIELDS
from transforms.store.protocol import Collection, FieldType

# Which form each type of object has here; Kibana brings older ones to its own.
_FORMS = {"index-pattern": "8.0.0", "search": "8.0.0", "visualization": "8.5.0", "dashboard": "8.9.0"}
_CORE_FORM = "8.8.0"
_INDEX_REFERENCE = "kibanaSavedObjectMeta.searchSourceJSON.index"

# Shown to nobody: what the store alone needs.
_HIDDEN = ("body", "write", "order.*", "*_days")

_DASHBOARD_WIDTH = 48  # columns of Kibana's grid


def saved_objects(prefix: str) -> list[dict[str, Any]]:
    """Returns the saved objects for the indices of a prefix, what is referred to before what refers to it."""
    known = {view.collection for view in VIEWS if view.collection in set(Collection)}
    charts = {chart.id: chart for chart in CHARTS if chart.view in known}
    panels = {*charts, *(f"search-{name}" for name in known)}
    return [
        *(_data_view(prefix, view) for view in VIEWS if view.collection in known),
        *(_search(prefix, view) for view in VIEWS if view.collection in known),
        *(_visualization(prefix, chart) for chart in charts.values()),
        *(_dashboard(prefix, board) for board in DASHBOARDS if panels.issuperset(board.panels)),
    ]


def ndjson(prefix: str) -> str:
    """Returns the saved objects as Kibana imports them: a line each."""
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in saved_objects(prefix))


def _object(
    prefix: str, kind: str, name: str, attributes: dict[str, Any], references: list[dict[str, str]]
) -> dict[str, Any]:
    return {
        "id": f"{prefix}-{name}",
        "type": kind,
        "attributes": attributes,
        "references": references,
        "coreMigrationVersion": _CORE_FORM,
        "typeMigrationVersion": _FORMS[kind],
    }


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _data_view(prefix: str, view: View) -> dict[str, Any]:
    attributes = {
        "title": f"{prefix}-{view.collection}",
        "name": f"Pactwatch: {view.collection}",
        "timeFieldName": view.time,
        "sourceFilters": _dumped([{"value": value} for value in _HIDDEN]),
        "fieldAttrs": "{}",
        "fieldFormatMap": "{}",
        "fields": "[]",
        "runtimeFieldMap": "{}",
    }
    return _object(prefix, "index-pattern", view.collection, attributes, [])


def _source(query: str) -> dict[str, str]:
    asked = {"query": {"query": query, "language": "kuery"}, "filter": [], "indexRefName": _INDEX_REFERENCE}
    return {"searchSourceJSON": _dumped(asked)}


def _to_view(prefix: str, view: str) -> list[dict[str, str]]:
    return [{"id": f"{prefix}-{view}", "name": _INDEX_REFERENCE, "type": "index-pattern"}]


def _search(prefix: str, view: View) -> dict[str, Any]:
    attributes = {
        "title": f"Pactwatch: {view.collection}",
        "description": "",
        "columns": list(view.columns),
        "sort": [list(pair) for pair in view.sort],
        "grid": {},
        "hideChart": True,
        "kibanaSavedObjectMeta": _source(""),
    }
    return _object(prefix, "search", f"search-{view.collection}", attributes, _to_view(prefix, view.collection))


def _visualization(prefix: str, chart: Chart) -> dict[str, Any]:
    count = {"id": "1", "enabled": True, "type": "count", "schema": "metric", "params": {}}
    buckets = [
        {"id": str(number), "enabled": True, "type": kind, "schema": schema, "params": dict(given)}
        for number, (schema, kind, given) in enumerate(chart.buckets, 2)
    ]
    state = {"title": chart.title, "type": chart.type, "aggs": [count, *buckets], "params": _PARAMETERS[chart.type]}
    attributes = {
        "title": f"Pactwatch: {chart.title[0].lower()}{chart.title[1:]}",
        "description": "",
        "uiStateJSON": "{}",
        "version": 1,
        "visState": _dumped(state),
        "kibanaSavedObjectMeta": _source(chart.query),
    }
    return _object(prefix, "visualization", chart.id, attributes, _to_view(prefix, chart.view))


def _dashboard(prefix: str, board: Dashboard) -> dict[str, Any]:
    panels = list(_panels(board.panels))
    references = [
        {
            "id": f"{prefix}-{name}",
            "name": f"{panel['panelIndex']}:{panel['panelRefName']}",
            "type": str(panel["type"]),
        }
        for name, panel in zip(board.panels, panels, strict=True)
    ]
    empty = {"query": {"query": "", "language": "kuery"}, "filter": []}
    attributes = {
        "title": board.title,
        "description": board.description,
        "panelsJSON": _dumped(panels),
        "optionsJSON": _dumped({"useMargins": True, "syncColors": False, "hidePanelTitles": False}),
        "timeRestore": False,
        "version": 1,
        "kibanaSavedObjectMeta": {"searchSourceJSON": _dumped(empty)},
    }
    return _object(prefix, "dashboard", f"dashboard-{board.id}", attributes, references)


def _panels(names: Sequence[str]) -> Iterator[dict[str, Any]]:
    x = y = 0
    for number, name in enumerate(names, 1):
        whole = name.startswith("search-")
        width, height = (_DASHBOARD_WIDTH, 20) if whole else (_DASHBOARD_WIDTH // 2, 15)
        if x + width > _DASHBOARD_WIDTH:
            x, y = 0, y + 15
        yield {
            "type": "search" if whole else "visualization",
            "panelIndex": str(number),
            "panelRefName": f"panel_{number}",
            "gridData": {"x": x, "y": y, "w": width, "h": height, "i": str(number)},
            "embeddableConfig": {"enhancements": {}},
        }
        x += width


def is_aggregated(field: str, collection: Collection) -> bool:
    """Returns whether Kibana can count a field's values: text only by its `.keyword`."""
    name, dot, suffix = field.partition(".")
    known = FIELDS[collection].get(name)
    return known is not None and (suffix == "keyword" if dot else known.type is not FieldType.TEXT)


_AXES: dict[str, Any] = {
    "categoryAxes": [
        {
            "id": "CategoryAxis-1", "type": "category", "position": "bottom", "show": True, "scale": {"type": "linear"},
            "labels": {"show": True, "filter": True, "truncate": 100}, "title": {}, "style": {},
        }
    ],
    "valueAxes": [
        {
            "id": "ValueAxis-1", "name": "LeftAxis-1", "type": "value", "position": "left", "show": True,
            "scale": {"type": "linear", "mode": "normal"}, "title": {"text": "Count"}, "style": {},
            "labels": {"show": True, "rotate": 0, "filter": False, "truncate": 100},
        }
    ],
    "seriesParams": [
        {
            "show": True, "type": "histogram", "mode": "stacked", "valueAxis": "ValueAxis-1",
            "data": {"label": "Count", "id": "1"}, "drawLinesBetweenPoints": True, "lineWidth": 2, "showCircles": True,
        }
    ],
}  # fmt: skip
_PARAMETERS: dict[str, dict[str, Any]] = {
    "histogram": {
        "type": "histogram", "grid": {"categoryLines": False}, **_AXES, "addTooltip": True, "addLegend": True,
        "legendPosition": "right", "times": [], "addTimeMarker": False, "labels": {"show": False},
        "thresholdLine": {"show": False, "value": 10, "width": 1, "style": "full", "color": "#E7664C"},
    },
    "table": {
        "perPage": 15, "showPartialRows": False, "showMetricsAtAllLevels": False, "showTotal": False,
        "totalFunc": "sum", "percentageCol": "", "showToolbar": True,
    },
    "pie": {
        "type": "pie", "addTooltip": True, "addLegend": True, "legendPosition": "right", "isDonut": True,
        "labels": {"show": True, "values": True, "last_level": True, "truncate": 100},
    },
    "heatmap": {
        "type": "heatmap", "addTooltip": True, "addLegend": True, "enableHover": False, "legendPosition": "right",
        "times": [], "colorsNumber": 6, "colorSchema": "Blues", "setColorRange": False, "colorsRange": [],
        "invertColors": False, "percentageMode": False,
        "valueAxes": [
            {
                "show": False, "id": "ValueAxis-1", "type": "value",
                "scale": {"type": "linear", "defaultYExtents": False},
                "labels": {"show": False, "rotate": 0, "overwriteColor": False, "color": "black"},
            }
        ],
    },
}  # fmt: skip
