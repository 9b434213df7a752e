/* Calls one function of a module for the tests in Python: reads {module, name, calls} as JSON, with
   the arguments of each call as a list, and writes the list of what it returned. */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { module, name, calls } = JSON.parse(readFileSync(0, "utf8"));
const { [name]: call } = await import(pathToFileURL(module));
process.stdout.write(JSON.stringify(calls.map((values) => call(...values))));
