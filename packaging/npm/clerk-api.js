#!/usr/bin/env node
// Starts the program of this machine's own package, which npm has installed beside this one.
"use strict";

const { spawnSync } = require("node:child_process");

const name = `clerk-api-${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/bin/clerk-api${process.platform === "win32" ? ".exe" : ""}`);
} catch {
  console.error(`clerk-api: there is no package ${name} here. Either nothing is built for this machine, or npm was told to leave out optional dependencies.`);
  process.exit(1);
}

// The terminal sends Ctrl-C to both; the program decides when it ends.
process.on("SIGINT", () => {});
const { error, signal, status } = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (error) {
  console.error(`clerk-api: cannot start ${program}: ${error.message}`);
  process.exit(1);
}
if (signal) {
  process.removeAllListeners("SIGINT");
  process.kill(process.pid, signal);
} else {
  process.exit(status);
}
