// Runs the audits of graphql-http against the running server and prints each with its outcome, as JSON.
import { serverAudits } from 'graphql-http';
import { address, token } from './server.js';

const outcomes = [];
for (const audit of serverAudits({ url: `${address}/graphql`, fetchFn: asSomeone })) {
  const outcome = await audit.fn();
  outcomes.push({ name: outcome.name, status: outcome.status, reason: 'reason' in outcome ? outcome.reason : undefined });
}
console.log(JSON.stringify(outcomes));

/** Fetch with the header that says who asks; the audits know of none. */
function asSomeone(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${token('service_rep')}` } });
}
