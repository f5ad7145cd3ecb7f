"""The protocol's extensions: a job as a task, which the SDK follows to its end, and the skill."""

import asyncio
from typing import Any, Literal

from agent import agent
from mcp.client import advertise
from mcp.client.extension import ClientExtension, ResultClaim
from mcp_types import CallToolResult, Request, Result
from stage import EVERYTHING, PEOPLE

SKILLS, TASKS = "io.modelcontextprotocol/skills", "io.modelcontextprotocol/tasks"


class Handle(Result):
    """What a call returns instead of its result."""

    result_type: Literal["task"] = "task"
    task_id: str
    status: str


class Standing(Result):
    """What `tasks/get` returns."""

    status: str
    result: CallToolResult | None = None


class Skills(Result):
    """What `skills/list` returns."""

    skills: list[dict[str, Any]]


async def ask(session, method, result, **params):
    return await session.send_request(Request[dict[str, Any], str](method=method, params=params), result)


class Tasks(ClientExtension):
    """Follows a task until it is over."""

    identifier = TASKS

    def __init__(self):
        self.handles = []

    def claims(self):
        return [ResultClaim(result_type="task", model=Handle, resolve=self.follow)]

    async def follow(self, handle, context):
        self.handles.append(handle.task_id)
        while True:
            standing = await ask(context.session, "tasks/get", Standing, taskId=handle.task_id)
            if standing.status != "working":
                assert standing.status == "completed", standing
                return standing.result
            await asyncio.sleep(0.1)


async def follow_a_job(stage):
    tasks = Tasks()
    rows = [{"email_address": f"task{number}@acme.com", "skip_password_requirement": True} for number in range(20)]
    async with agent(stage.server(*EVERYTHING), "auto", "type", [tasks]) as one:
        await one.look()
        assert TASKS in (one.client.server_capabilities.extensions or {})
        done = await one.done("job_start", operation="users.create", rows=rows)
        assert tasks.handles == [done["job"]] and done["rows"]["done"] == 20, (tasks.handles, done)
        assert stage.json("users", "count")["total_count"] == len(PEOPLE) + len(rows)


async def read_the_skill(stage, era):
    async with agent(stage.server(), era, None, [advertise(SKILLS)]) as one:
        assert SKILLS in (one.client.server_capabilities.extensions or {})
        (skill,) = (await ask(one.client.session, "skills/list", Skills)).skills
        for file in skill["resources"]:
            name = file["uri"].removeprefix("skill://clerk-api/")
            read = await one.client.read_resource(file["uri"])
            assert read.contents[0].text == stage.plain("skill", "show", name).stdout, name


async def run(stage_class):
    with stage_class() as stage:
        await follow_a_job(stage)
        for era in ("legacy", "auto"):
            await read_the_skill(stage, era)
    print("extensions a job was followed as a task; the skill is the one of `skill show`")
