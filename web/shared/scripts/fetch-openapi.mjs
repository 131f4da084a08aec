// Writes shared/openapi.json, the committed copy of the API that the types are generated from.
//   npm run api -- http://127.0.0.1:8080          from a running gateway
//   npm run api -- path/to/openapi.json           from a file (karez-gateway openapi > file)
import { readFile, writeFile } from "node:fs/promises";

const source = process.argv[2] ?? "http://127.0.0.1:8080";
const target = new URL("../openapi.json", import.meta.url);

async function read(from) {
  if (!/^https?:/.test(from)) return readFile(from, "utf8");
  const response = await fetch(new URL("/openapi.json", from));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  return response.text();
}

const document = JSON.parse(await read(source));
if (!document.paths || !document.components?.schemas) throw new Error(`${source} is not OpenAPI`);
await writeFile(target, JSON.stringify(document, null, 1) + "\n");
console.log(`${Object.keys(document.paths).length} paths written to shared/openapi.json`);
