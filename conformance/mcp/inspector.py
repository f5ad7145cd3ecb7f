"""The protocol's own inspector as a client, started from the configuration that `mcp install` wrote."""

import json
import subprocess


def run(stage_class, place):
    program = place / "node_modules/.bin/mcp-inspector"
    with stage_class() as stage:
        written = json.loads(stage.run("mcp", "install", "cursor", "--yes", "--", "--allow-writes").stdout)
        for era in ("legacy", "modern"):

            def ask(method, *more, era=era):
                words = ["--cli", "--config", written["file"], "--server", "clerk-api", "--protocol-era", era, "--format", "json", "--quiet"]
                done = subprocess.run([program, *words, "--method", method, *more], env=stage.env, cwd=stage.home,
                                      capture_output=True, text=True, timeout=120)
                assert done.returncode == 0, (method, done.returncode, done.stdout, done.stderr)
                return json.loads(done.stdout)

            # Strict: a schema that some client could not read is an error.
            tools = ask("tools/list", "--strict")["result"]["tools"]
            found = ask("tools/call", "--tool-name", "find", "--tool-args-json", '{"text": "ada@acme.com"}')["result"]
            assert found["structuredContent"]["untrusted"]["rows"][0]["email_address"] == "ada@acme.com", found
            resources = ask("resources/list")["result"]["resources"]
            prompts = ask("prompts/list")["result"]["prompts"]
            # It checks the skill against the specification, and the digest of each file.
            skill = ask("skills/list", "--verify", "--require-digests")
            assert skill["ok"] and len(skill["files"]) == 3, skill
            print(f"inspector  {era:10} {len(tools)} tools, {len(resources)} resources, {len(prompts)} prompts, a verified skill")
