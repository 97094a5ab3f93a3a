// The audit of GraphQL over HTTP: node audit.js URL [TOKEN]; prints what was found as JSON.

import { auditServer } from "graphql-http";

const [url, token] = process.argv.slice(2);
const fetchFn = (address, init = {}) => {
  const headers = new Headers(init.headers);
  if (token) headers.set("authorization", `Token ${token}`);
  return fetch(address, { ...init, headers });
};

const results = await auditServer({ url, fetchFn });
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))));
process.exit();
