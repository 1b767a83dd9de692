"""The contract documents, made from the running code: OpenAPI, AsyncAPI and the TypeScript map of events.

Nothing is described here that a table, a model or a docstring elsewhere already says.
"""

from server.contract.asyncapi import asyncapi
from server.contract.errors import catalogue
from server.contract.openapi import openapi
from server.contract.typescript import typescript

__all__ = ["asyncapi", "catalogue", "openapi", "typescript"]
