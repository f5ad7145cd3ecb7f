"""An agent that is only a client of the protocol: it counts its calls and what it reads, and a scripted person answers its forms."""

import contextlib
import json
import re

import jsonschema
from mcp.client import Client
from mcp_types import ElicitResult

# The life with `initialize`, and the one without.
ERAS = ["legacy", "2026-07-28"]


def dumped(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


def size(value):
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


class Person:
    """Answers a form: with what it asks to be typed, with something else, or not at all."""

    def __init__(self, manner):
        self.manner, self.forms = manner, []

    async def __call__(self, _context, params):
        self.forms.append(params.message)
        if self.manner == "decline":
            return ElicitResult(action="decline")
        wanted = re.search(r"type exactly: (.+)$", params.message).group(1)
        (field,) = params.requested_schema["properties"]
        return ElicitResult(action="accept", content={field: wanted if self.manner == "type" else "yes"})


class Agent:
    def __init__(self, client, person):
        self.client, self.person = client, person
        self.calls, self.bytes, self.used = 0, 0, set()
        self.tools = {}

    async def look(self):
        listed = dumped(await self.client.list_tools())["tools"]
        self.tools = {tool["name"]: tool for tool in listed}
        return listed

    async def call(self, tool, /, **arguments):
        """Calls a tool; what it answers must be as its schema says."""
        result = dumped(await self.client.call_tool(tool, arguments))
        self.calls += 1
        self.bytes += size(result)
        self.used.add(tool)
        if tool in self.tools and not result.get("isError"):
            jsonschema.validate(result["structuredContent"], self.tools[tool]["outputSchema"])
        return result

    async def done(self, tool, /, **arguments):
        result = await self.call(tool, **arguments)
        assert not result.get("isError"), (tool, result)
        return result["structuredContent"]


@contextlib.asynccontextmanager
async def agent(server, era, manner=None, extensions=()):
    person = Person(manner) if manner else None
    how = {"elicitation_callback": person, "extensions": list(extensions), "cache": None, "read_timeout_seconds": 90}
    async with Client(server, mode=era, **how) as client:
        yield Agent(client, person)
