"""What OpenAPI says of the addresses outside the table: plain views, written by hand because no row describes them.

A new plain view gets its entry here with its route.
"""

from typing import Any

Schema = dict[str, Any]


def _told(description: str, schema: str) -> Schema:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


def _look(name: str, summary: str, **responses: Schema) -> Schema:
    answers = {status.removeprefix("_"): response for status, response in responses.items()}
    return {"get": {"tags": ["service"], "operationId": name, "summary": summary, "responses": answers, "security": []}}


def _closed(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name, schema in properties.items() if not schema.pop("optional", False)],
        "additionalProperties": False,
    }


STATE = {"enum": ["up", "down"]}

COMPONENTS: dict[str, Schema] = {
    "Front": _closed(**{name: {"type": "string"} for name in ("name", "api", "documentation", "health")}),
    "Health": _closed(status={"const": "ok"}),
    "Readiness": _closed(
        status={"enum": ["ok", "degraded", "unavailable", "draining"]},
        database={**STATE, "optional": True},
        redis={**STATE, "optional": True},
    ),
}

PATHS: dict[str, Schema] = {
    "/": _look("front", "Where to go from here", _200=_told("The addresses.", "Front")),
    "/healthz": _look("healthz", "Is this process alive", _200=_told("The event loop answers.", "Health")),
    "/readyz": _look(
        "readyz",
        "Can this process serve",
        _200=_told("The database answers; without Redis it serves all the same, later in delivery.", "Readiness"),
        _503=_told("The database does not answer, or this process is about to end.", "Readiness"),
    ),
}
