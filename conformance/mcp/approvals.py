"""What a person answers decides, in both carriers; nothing that an agent says stands for it."""

from agent import ERAS, agent
from stage import EVERYTHING


async def run(stage_class):
    for era in ERAS:
        with stage_class() as stage:
            organization = stage.json("organizations", "create", "--name", "Acme", "--slug", "acme")["id"]
            delete = {"operation": "organizations.delete", "arguments": {"organization_id": organization}}

            def there(stage=stage):
                return stage.json("organizations", "count")["total_count"]

            for manner in ("decline", "wrong"):
                async with agent(stage.server(*EVERYTHING), era, manner) as one:
                    await one.look()
                    refused = await one.call("delete", **delete)
                    assert refused["isError"] and there() == 1, (manner, refused)
                    assert len(one.person.forms) == 1, manner
            async with agent(stage.server(*EVERYTHING), era, "decline") as one:
                for word in ("approved", "answer", "confirm", "yes"):
                    arguments = {**delete["arguments"], word: "Acme"}
                    refused = await one.call("delete", operation="organizations.delete", arguments=arguments)
                    assert refused["isError"] and there() == 1, (word, refused)
            async with agent(stage.server(*EVERYTHING), era, "type") as one:
                await one.look()
                await one.done("delete", **delete)
                assert there() == 0
                assert "Acme" in one.person.forms[0] or "acme" in one.person.forms[0], one.person.forms
            print(f"approvals  {era:10} declined, wrong, as an argument: nothing was done; typed: done")
