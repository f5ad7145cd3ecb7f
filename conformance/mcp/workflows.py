"""The three workflows with counted calls and bytes: by tools, by the command line with the skill, and by Clerk's own toolkit where it can."""

import json

from agent import agent, dumped, size
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from stage import EVERYTHING
from suite.admin import Admin
from suite.server import Server

MOST = 8_000
MOST_CALLS = {"onboard": 1, "find and update": 2, "audit": 1}


async def by_tools(stage):
    async def counted(work):
        async with agent(stage.server(*EVERYTHING), "legacy", "type") as one:
            await work(one)
            return one.calls, one.bytes

    async def onboard(one):
        people = {"admins": ["alice@acme.com"], "members": ["bob@acme.com", "carol@acme.com"]}
        done = await one.done("onboard", name="Engineering", slug="engineering", **people)
        assert done["done"] and done["untrusted"]["teams"][0]["invitations"][0]["email"] == "carol@acme.com", done

    async def find_and_update(one):
        found = await one.done("find", text="ada@acme.com")
        arguments = {"user_id": found["untrusted"]["rows"][0]["id"], "public_metadata": {"plan": "pro"}}
        done = await one.done("change_users", operation="users.update_metadata", arguments=arguments)
        assert done["untrusted"]["public_metadata"] == {"plan": "pro"}, done

    async def audit(one):
        found = await one.done("audit")
        assert found["count"] > 0, found

    return {"onboard": await counted(onboard), "find and update": await counted(find_and_update), "audit": await counted(audit)}


def by_commands(stage):
    def counted(*commands):
        size = 0
        for command, shows in commands:
            done = stage.run(*command)
            assert shows in done.stdout, (command, done.stdout)
            size += len(done.stdout.encode()) + len(done.stderr.encode())
        return len(commands), size

    team = ["--name", "Engineering", "--slug", "engineering", "--admin", "alice@acme.com", "--member", "bob@acme.com,carol@acme.com"]
    fields = ["--fields", "id,first_name,public_metadata"]
    return {
        "onboard": counted((["onboard", *team, "--yes"], "carol@acme.com")),
        "find and update": counted(
            (["find", "ada@acme.com", "--fields", "kind,id,name,email_address,organizations"], "ada@acme.com"),
            (["users", "update-metadata", "ada@acme.com", "--public", '{"plan":"pro"}', *fields], '"plan":"pro"'),
        ),
        "audit": counted((["audit", "--output", "csv"], "medium")),
    }


async def by_toolkit(place):
    """Clerk's toolkit lists and searches nothing, so whoever onboards with it must know the ids of all people already."""
    with Server() as server:
        command = str(place / "node_modules/@clerk/agent-toolkit/dist/modelcontextprotocol/local-server.js")
        arguments = [command, "--tools", "*", "--secret-key", server.secret_key, "--api-url", server.url]
        async with Client(StdioServerParameters(command="node", args=arguments), mode="legacy", cache=None) as client:
            tools = dumped(await client.list_tools())
            names = {tool["name"] for tool in tools["tools"]}
            assert not [name for name in names if "list" in name.lower() or "search" in name.lower()], names
            counts = [0, 0]

            async def call(tool, /, **values):
                result = dumped(await client.call_tool(tool, values))
                assert not result.get("isError"), (tool, result)
                counts[0] += 1
                counts[1] += size(result)
                return json.loads(result["content"][0]["text"])

            ids = {}
            for person in ("alice", "bob"):
                body = {"email_address": [f"{person}@acme.com"], "skip_password_requirement": True}
                ids[person] = Admin(server.url, server.secret_key).must("POST", "/users", body)["id"]
            organization = await call("createOrganization", name="Engineering", slug="engineering", createdBy=ids["alice"])
            await call("createOrganizationMembership", organizationId=organization["id"], userId=ids["bob"], role="org:member")
            await call("createOrganizationInvitation", organizationId=organization["id"], emailAddress="carol@acme.com", role="org:member")
    return {"onboard": tuple(counts)}, size(tools)


async def run(stage_class, place):
    with stage_class() as stage:
        tools = await by_tools(stage)
    with stage_class() as stage:
        commands = by_commands(stage)
        skill = len(stage.plain("skill", "show").stdout.encode())
    toolkit, listed = await by_toolkit(place)
    print(f"\n{'workflow':16} {'tools':>16} {'command line':>16} {'agent-toolkit':>20}")
    for name, most in MOST_CALLS.items():
        peer = toolkit.get(name)
        peer = f"{peer[0]} calls {peer[1]:6} B" if peer else "cannot"
        print(f"{name:16} {tools[name][0]} calls {tools[name][1]:6} B {commands[name][0]} calls {commands[name][1]:6} B {peer:>20}")
        for calls, read in (tools[name], commands[name]):
            assert calls <= most and read < MOST, (name, calls, read)
    assert skill / 4 < 2_000, skill
    print(f"the skill has {skill} bytes; the toolkit's list of tools {listed}, and it needs the ids of all people beforehand\n")
