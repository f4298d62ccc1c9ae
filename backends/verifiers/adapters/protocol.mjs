// What the adapters for Node.js share: the loop of assay-exec/1, the issuers of a setting, and the table of reasons.
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROTOCOL = "assay-exec/1";

// There is nothing to call the library with.
export class Refused extends Error {
  constructor(reason, words) {
    super(words);
    this.reason = reason;
  }
}

// A rule of the policy that no option of these libraries takes.
export class Untold extends Error {}

// A template, or an issuer whose tokens have no iss: the libraries take an iss as it stands.
const isPattern = (entry) => entry.iss === undefined || entry.iss.includes("{");

// "any" is what the libraries do where no audience is given.
const told = (entry) => (entry.audience === "any" ? { ...entry, audience: undefined } : entry);

// The issuers of a setting by their iss. What `open` makes of one is made when a token first asks for it: there are
// thousands of settings.
export function issuersOf(policy, keys, open) {
  const issuers = new Map(policy.issuers.filter((entry) => !isPattern(entry))
    .map((entry) => [entry.iss, { entry: told(entry), jwks: keys[entry.iss], opened: undefined }]));
  const patterns = policy.issuers.some(isPattern);
  return (iss) => {
    const issuer = typeof iss === "string" ? issuers.get(iss) : undefined;
    if (!issuer && patterns)
      throw new Untold("caller: an issuer can only be told by its iss");
    if (!issuer)
      throw new Refused(typeof iss === "string" ? "key-selection.iss-unknown" : "unmapped",
        "caller: no configuration for this issuer");
    issuer.opened ??= open(issuer.entry, issuer.jwks);
    return issuer.opened;
  };
}

// The JWK with this kid; without a kid the only one there is.
export function jwkOf(jwks, kid) {
  const list = Array.isArray(jwks?.keys) ? jwks.keys : [];
  const found = kid === undefined ? (list.length === 1 ? list[0] : undefined) : list.find((jwk) => jwk?.kid === kid);
  if (!found)
    throw new Refused(kid === undefined ? "key-selection.kid-missing" : "key-selection.kid-unknown",
      "caller: no such key in the issuer's set");
  return found;
}

// Words may quote the token: what is no text in them (lone surrogates, NUL) would be no JSON for every reader.
function clean(words) {
  return words.slice(0, 480).replace(/\p{Surrogate}|\0/gu, "\ufffd");
}

// reasons: [test, reason] rows; the first whose test holds for the error tells.
function answerOf(error, reasons) {
  const words = clean(`${error?.name ?? "thrown"}: ${error?.message ?? error}`);
  if (error instanceof Untold) return { verdict: "unsupported", words: error.message };
  if (error instanceof Refused) return { verdict: "reject", reason: error.reason, words: error.message };
  const row = reasons.find(([test]) => test(error));
  return row ? { verdict: "reject", reason: row[1], words } : { verdict: "undecided", words };
}

function say(members) {
  process.stdout.write(JSON.stringify(members) + "\n");
}

// A server sees the bytes of a header as latin1.
function tokenOf(request) {
  return request.token ?? Buffer.from(request.token_b64, "base64").toString("latin1");
}

// load: imports the library; hello: what is said of it; open: a policy and its key sets -> verify(token, now), which throws.
export async function serve({ load, hello, open, reasons }) {
  let library;
  try {
    library = await load();
  } catch (error) {
    const folder = dirname(fileURLToPath(import.meta.url));
    const name = /^Cannot find package '([^']+)'/.exec(error.message)?.[1];
    const what = name ? `${name} is not installed` : error.message.split(/\n| imported from /)[0];
    say({ protocol: PROTOCOL, problem: `${what}: npm ci --prefix ${folder}` });
    return;
  }
  say({ protocol: PROTOCOL, clock: "argument", build: [`Node.js ${process.version}`], ...hello(library) });
  let verify;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const request = JSON.parse(line);
    if (request.policy) verify = open(library, request.policy, request.keys);
    try {
      await verify(tokenOf(request), request.now);
      say({ id: request.id, verdict: "accept", words: "" });
    } catch (error) {
      say({ id: request.id, ...answerOf(error, reasons) });
    }
  }
}

export const gap = (reasons, why) => ({ reasons, why });

// What none of these libraries takes.
export const commonGaps = [
  gap("compact-split.oversize", "no limit on size can be set"),
  gap("header-json.depth", "no limit on depth can be set"),
  gap("header-json.members", "no limit on members can be set"),
  gap("claims-json.depth", "no limit on depth can be set"),
  gap("claims-json.members", "no limit on members can be set"),
  gap("header-policy.cty-nested", "cty is not looked at"),
  gap("key-selection.kid-oversize", "no limit on kid can be set"),
  gap("key-selection.key-revoked", "the caller's own list"),
  gap("key-selection.key-not-active", "the caller's own list"),
  gap("registered-claims.aud-unexpected", "aud is not looked at where no audience is given"),
  gap("registered-claims.aud-others", "one audience of several is enough"),
  gap("registered-claims.lifetime", "there is no option for a longest lifetime"),
  gap("registered-claims.time-order", "claims are looked at one by one"),
  gap("registered-claims.replayed", "it keeps no memory of tokens"),
  gap("registered-claims.replicated-mismatch", "claims in the header are not looked at"),
  gap("registered-claims.sub-type", "sub is only compared"),
  gap("registered-claims.sub-empty", "sub is only compared"),
  gap("registered-claims.jti-type", "jti is only compared"),
  gap("authorisation.*", "it knows no scopes, roles, actors or lists of the revoked"),
];

// What a library that is given a key by its caller never sees. The strength and form of the key itself are no gap.
const ofJwk = ["key-selection.key-use", "key-selection.key-ops", "key-selection.key-alg", "key-selection.key-issuer",
  "key-import.set-syntax", "key-import.private-key", "key-import.mixed-symmetry", "key-import.duplicate-kid",
  "key-import.members", "key-import.encoding", "key-import.leading-zero", "key-import.coord-length", "key-import.okp-length"];
export const keyGaps = [
  ...ofJwk.map((reasons) => gap(reasons, "it is given a key, not a JWK")),
  gap("registered-claims.iat-future", "iat is only counted from, never held against the clock"),
  gap("registered-claims.iat-range", "iat is only counted from, never held against the clock"),
];

// A typ option that takes one value can be told a policy that allows one.
export function onlyTyp(policy) {
  return policy.typ?.required && policy.typ.allow?.length === 1 ? policy.typ.allow[0] : undefined;
}
