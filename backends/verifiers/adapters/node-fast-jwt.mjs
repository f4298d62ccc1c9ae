#!/usr/bin/env node
// packages: nodejs npm
// fast-jwt: createVerifier for each key, with allowed algorithms, issuer, audience, required claims and clock; no cache.
import { readFileSync } from "node:fs";
import { createPublicKey } from "node:crypto";
import { Refused, commonGaps, gap, issuersOf, jwkOf, keyGaps, onlyTyp, serve } from "./protocol.mjs";

const code = (name, words) => (error) => error?.code === `FAST_JWT_${name}` && (!words || words.test(error.message));

const reasons = [
  [code("EXPIRED"), "registered-claims.expired"],
  [code("INACTIVE"), "registered-claims.not-yet-valid"],
  [code("INVALID_SIGNATURE"), "signature.invalid"],
  [code("MISSING_SIGNATURE"), "signature.length"],
  [code("INVALID_ALGORITHM"), "header-policy.alg-not-allowed"],
  [code("INVALID_TYPE", /typ/), "header-policy.typ-wrong"],
  [code("INVALID_PAYLOAD"), "claims-json.not-object"],
  [code("MALFORMED", /^The token is malformed/), "compact-split.part-count"],
  [code("MALFORMED", /not a valid JSON object/), "header-json.not-object"],
  [code("INVALID_CLAIM_TYPE", /exp claim/), "registered-claims.exp-type"],
  [code("INVALID_CLAIM_TYPE", /nbf claim/), "registered-claims.nbf-type"],
  [code("INVALID_CLAIM_TYPE", /iat claim/), "registered-claims.iat-type"],
  [code("INVALID_CLAIM_TYPE", /aud claim/), "registered-claims.aud-type"],
  [code("INVALID_CLAIM_TYPE", /iss claim/), "key-selection.iss-type"],
  [code("INVALID_CLAIM_VALUE", /exp claim must be/), "registered-claims.exp-type"],
  [code("INVALID_CLAIM_VALUE", /nbf claim must be/), "registered-claims.nbf-type"],
  [code("INVALID_CLAIM_VALUE", /aud claim value/), "registered-claims.aud-mismatch"],
  [code("INVALID_CLAIM_VALUE", /iss claim value/), "key-selection.iss-unknown"],
  [code("MISSING_REQUIRED_CLAIM", /The exp /), "registered-claims.exp-missing"],
  [code("MISSING_REQUIRED_CLAIM", /The nbf /), "registered-claims.nbf-missing"],
  [code("MISSING_REQUIRED_CLAIM", /The iat /), "registered-claims.iat-missing"],
  [code("MISSING_REQUIRED_CLAIM", /The sub /), "registered-claims.sub-missing"],
  [code("MISSING_REQUIRED_CLAIM", /The jti /), "registered-claims.jti-missing"],
  [code("MISSING_REQUIRED_CLAIM", /The aud /), "registered-claims.aud-missing"],
  [code("MISSING_REQUIRED_CLAIM"), "registered-claims.claim-missing"],
  [code("INVALID_CRIT_HEADER", /non-empty array|must be a string|Duplicate/), "header-policy.crit-malformed"],
  [code("INVALID_CRIT_HEADER", /standard header parameter/), "header-policy.crit-registered"],
  [code("INVALID_CRIT_HEADER", /not supported/), "header-policy.crit-unknown"],
  [code("INVALID_CRIT_HEADER", /not present/), "header-policy.crit-absent"],
  [(error) => typeof error?.code === "string" && error.code.startsWith("FAST_JWT_"), "unmapped"],
];

function keyOf(jwk) {
  try {
    return jwk.kty === "oct" ? Buffer.from(jwk.k, "base64url")
      : createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" });
  } catch (error) {
    throw new Refused("key-import.invalid-key", `caller: node:crypto did not import this key: ${error.message}`);
  }
}

// The clock is an option of the verifier, so there is one for each key and second.
function verifierOf(createVerifier, policy, entry, jwk, now) {
  return createVerifier({ key: keyOf(jwk), algorithms: entry.algorithms, allowedIss: entry.iss, allowedAud: entry.audience,
    requiredClaims: ["iss", ...(entry.audience ? ["aud"] : []), ...(entry.required ?? [])], clockTimestamp: now * 1000,
    clockTolerance: (policy.leeway_s ?? 0) * 1000, maxAge: entry.max_age_s === undefined ? undefined : entry.max_age_s * 1000,
    checkTyp: onlyTyp(policy) });
}

function open({ createDecoder, createVerifier }, policy, keys) {
  const decode = createDecoder({ complete: true });
  const issuer = issuersOf(policy, keys, (entry, jwks) => {
    const verifiers = new Map();
    return (kid, now) => {
      const jwk = jwkOf(jwks, kid);
      const known = verifiers.get(jwk);
      if (known?.now === now) return known.verify;
      const verify = verifierOf(createVerifier, policy, entry, jwk, now);
      verifiers.set(jwk, { now, verify });
      return verify;
    };
  });
  return (token, now) => {
    const { header, payload } = decode(token);
    return issuer(payload.iss)(header.kid, now)(token);
  };
}

await serve({
  load: () => import("fast-jwt"),
  hello: () => ({
    name: "node-fast-jwt",
    library: "fast-jwt",
    version: JSON.parse(readFileSync(new URL("node_modules/fast-jwt/package.json", import.meta.url))).version,
    algorithms: ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
      "EdDSA", "Ed448"],
    gaps: [...commonGaps,
      gap("header-policy.typ-wrong", "the option checkTyp takes one value"),
      gap("header-policy.typ-missing", "the option checkTyp takes one value"),
      gap("header-policy.typ-type", "the option checkTyp takes one value"),
      ...keyGaps],
  }),
  open,
  reasons,
});
