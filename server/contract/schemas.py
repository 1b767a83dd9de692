"""JSON Schemas of everything that crosses the wire, under the names by which the documents refer to them.

What comes in is described as it is validated, what goes out as it is written: there, every field of a view is present.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue

from server.problems import STATUS, Problem
from server.protocol import Packet

Schema = dict[str, Any]

REF = "#/components/schemas/{model}"


class Writer(GenerateJsonSchema):
    """pydantic's own, without a title on every field, and true to how views are written."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        found = super().model_schema(schema)
        if self.mode == "serialization" and not issubclass(schema["cls"], (Packet, Problem)):
            # Views are written whole: a client need not ask whether a field is there. Those two say themselves what is.
            found["required"] = list(found.get("properties", {}))
        return found


def schemas(asked: Mapping[str, Any], answered: Mapping[str, Any]) -> tuple[dict[str, Schema], dict[str, Schema]]:
    """For types by name: a schema for each name, and all the components that these refer to."""
    inputs: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        (name, "validation", TypeAdapter(type_)) for name, type_ in asked.items()
    ]
    outputs: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        (name, "serialization", TypeAdapter(type_)) for name, type_ in answered.items()
    ]
    found, rest = TypeAdapter.json_schemas([*inputs, *outputs], ref_template=REF, schema_generator=Writer)
    components = {name: _tidy(schema) for name, schema in sorted(rest.get("$defs", {}).items())}
    if "Problem" in components:
        components["Problem"]["properties"]["code"]["enum"] = list(STATUS)
    return {name: dict(schema) for (name, _), schema in found.items()}, components


def ref(name: str) -> Schema:
    """A reference to a component."""
    return {"$ref": REF.format(model=name)}


def _tidy(schema: Schema) -> Schema:
    # A docstring keeps the line breaks of its source.
    if isinstance(text := schema.get("description"), str):
        schema["description"] = " ".join(text.split())
    return schema
