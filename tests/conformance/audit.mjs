// Runs the audits of the GraphQL over HTTP specification against a server, and prints what each
// found: node audit.mjs URL
import { serverAudits } from "graphql-http";

const audits = serverAudits({ url: process.argv[2] });
const found = await Promise.all(
  audits.map(async ({ id, name, fn }) => {
    const { status, reason = null } = await fn();
    return { id, name, status, reason };
  }),
);
console.log(JSON.stringify(found));
