"""The list of tools, and every tool once over the wire."""

import jsonschema
from agent import ERAS, agent, size
from stage import EVERYTHING

MOST = 12_000


def check_list(tools, classes):
    """Schemas are schemas and closed, and annotations say what the classes of the operations say."""
    for tool in tools:
        name, hints = tool["name"], tool["annotations"]
        for schema in (tool["inputSchema"], tool["outputSchema"]):
            jsonschema.Draft202012Validator.check_schema(schema)
        assert tool["inputSchema"]["additionalProperties"] is False, name
        operations = tool["inputSchema"]["properties"].get("operation", {}).get("enum")
        if operations is None:
            continue
        found = {classes[operation] for operation in operations}
        assert hints["readOnlyHint"] is (found == {"read"}), (name, found)
        assert hints["destructiveHint"] is ("destructive" in found), (name, found)
        level = {"change": {"reversible", "once"}, "send": {"mails"}, "delete": {"destructive"}}[name.split("_")[0]]
        assert found <= level, (name, found)


async def check_closed(stage, era):
    """Nothing but reading at the start, and nothing that asks a person where nobody can be asked."""
    async with agent(stage.server(), era, "type") as closed:
        for tool in await closed.look():
            assert tool["annotations"]["readOnlyHint"] is True, tool["name"]
        refused = await closed.call("call_operation", operation="users.delete", arguments={"user_id": "user_2abc"})
        assert refused["isError"], refused
    async with agent(stage.server(*EVERYTHING), era) as unasked:
        names = [tool["name"] for tool in await unasked.look()]
        assert not {"send", "delete"} & set(names), names
        assert not (await unasked.done("how_to_enable"))["asks_a_person"]


async def use_all(one):
    """Every tool does something."""
    found = await one.done("find", text="ada@acme.com")
    user = found["untrusted"]["rows"][0]["id"]
    await one.done("show", id=user)
    listed = await one.done("list", resource="users", limit=5)
    assert listed["count"] == 23 and len(listed["untrusted"]["rows"]) == 5, listed
    more = await one.done("list", resource="users", limit=5, cursor=listed["next"])
    assert more["untrusted"]["rows"][0] != listed["untrusted"]["rows"][0]
    await one.done("audit")
    await one.done("find_operation", text="ban user")
    await one.done("call_operation", operation="users.get", arguments={"user_id": user})
    await one.done("how_to_enable")
    team = await one.done("onboard", name="Tools", slug="tools", admins=["alice@acme.com"], members=["ada@acme.com"])
    organization = team["untrusted"]["teams"][0]["organization"]["id"]
    job = await one.done("job_start", operation="users.update", rows=[{"user_id": user, "first_name": "Ada"}])
    await one.done("jobs")
    await one.call("job_cancel", id=str(job["job"]))
    change = [
        ("users", "users.update", {"user_id": user, "last_name": "Lovelace"}),
        ("organizations", "organizations.update", {"organization_id": organization, "name": "All tools"}),
        ("access", "blocklist.add", {"identifier": "eve@evil.com"}),
    ]
    for which, operation, arguments in change:
        await one.done(f"change_{which}", operation=operation, arguments=arguments)
    send = {"organization_id": organization, "email_address": "grace@acme.com", "role": "org:member"}
    sent = await one.done("send", operation="invitations.create", arguments=send)
    revoke = {"organization_id": organization, "invitation_id": sent["untrusted"]["id"]}
    await one.done("change_invitations", operation="invitations.revoke", arguments=revoke)
    await one.done("delete", operation="users.delete", arguments={"user_id": user})
    assert one.used == set(one.tools), one.used ^ set(one.tools)


async def check_reads(one):
    """Resources and prompts."""
    resources = await one.client.list_resources()
    for resource in resources.resources:
        read = await one.client.read_resource(str(resource.uri))
        assert read.contents[0].text, resource
    assert (await one.client.list_resource_templates()).resource_templates
    for prompt in (await one.client.list_prompts()).prompts:
        arguments = {argument.name: "x" for argument in prompt.arguments}
        assert (await one.client.get_prompt(prompt.name, arguments)).messages, prompt


async def run(stage_class):
    for era in ERAS:
        with stage_class() as stage:
            classes = {row["operation"]["name"]: row["class"] for row in stage.json("commands") if row.get("operation")}
            await check_closed(stage, era)
            async with agent(stage.server(*EVERYTHING), era, "type") as one:
                tools = await one.look()
                listed = size({"tools": tools})
                assert listed < MOST, f"the list of tools has {listed} bytes"
                check_list(tools, classes)
                await use_all(one)
                await check_reads(one)
                print(f"tools      {era:10} {len(tools)} tools, {listed} bytes, each used")
