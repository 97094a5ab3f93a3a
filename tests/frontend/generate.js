// GraphQL Code Generator by itself, without its command line tool: that one reads the same codegen.json.

import { readFile, writeFile } from "node:fs/promises";

import { codegen } from "@graphql-codegen/core";
import * as typedDocumentNode from "@graphql-codegen/typed-document-node";
import * as typescriptOperations from "@graphql-codegen/typescript-operations";
import { parse } from "graphql";

const PLUGINS = { "typescript-operations": typescriptOperations, "typed-document-node": typedDocumentNode };

const read = async (path) => await readFile(path, "utf8");
const config = JSON.parse(await read("codegen.json"));
const schema = parse(await read(config.schema));
const documents = await Promise.all(
  config.documents.map(async (location) => ({ location, document: parse(await read(location)) })),
);

for (const [filename, wanted] of Object.entries(config.generates)) {
  const plugins = wanted.plugins.map((name) => ({ [name]: {} }));
  const text = await codegen({ schema, documents, filename, plugins, pluginMap: PLUGINS, config: wanted.config });
  await writeFile(filename, text);
}
