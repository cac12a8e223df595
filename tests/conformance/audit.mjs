// Run the GraphQL over HTTP audits against a server and print the results as JSON:
// node audit.mjs URL
import { serverAudits } from "graphql-http";

const audits = serverAudits({ url: process.argv[2] });
const results = await Promise.all(
  audits.map(async ({ id, name, fn }) => {
    const { status, reason = null } = await fn();
    return { id, name, status, reason };
  }),
);
console.log(JSON.stringify(results));
