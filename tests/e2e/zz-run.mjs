import { spawn } from "node:child_process"; import { once } from "node:events";
import { Server } from "./lib/server.mjs"; import { handOver } from "./lib/demo.mjs";
const server = await Server.make(); await server.start();
const child = spawn(process.execPath, ["--test", "--test-name-pattern=door chosen|without a choice|leaving works", "specs/first-step.test.mjs"], { stdio: "inherit", env: handOver(server.addresses) });
await once(child, "exit"); await server.remove();
