#!/usr/bin/env node
// packages: nodejs npm
// jsonwebtoken: verify with pinned algorithms, issuer, audience, clock and greatest age; keys are KeyObjects of node:crypto.
import { readFileSync } from "node:fs";
import { createPublicKey, createSecretKey } from "node:crypto";
import { Refused, commonGaps, gap, issuersOf, jwkOf, keyGaps, serve } from "./protocol.mjs";

const says = (words, name) => (error) => words.test(error?.message ?? "") && (!name || error.name === name);

const reasons = [
  [says(/^jwt expired/, "TokenExpiredError"), "registered-claims.expired"],
  [says(/^maxAge exceeded/, "TokenExpiredError"), "registered-claims.age"],
  [says(/^jwt not active/, "NotBeforeError"), "registered-claims.not-yet-valid"],
  [says(/^jwt must be provided/), "compact-split.empty"],
  [says(/^jwt malformed/), "compact-split.part-count"],
  [says(/^jwt signature is required/), "signature.length"],
  [says(/^invalid signature/), "signature.invalid"],
  [says(/^invalid algorithm/), "header-policy.alg-not-allowed"],
  [says(/must be an? (a?symmetric) key when using/), "key-selection.kty-mismatch"],
  [says(/"alg" parameter for .* key type must be one of/), "key-selection.kty-mismatch"],
  [says(/"alg" parameter .* requires curve/), "key-selection.curve-mismatch"],
  [says(/^invalid nbf value/), "registered-claims.nbf-type"],
  [says(/^invalid exp value/), "registered-claims.exp-type"],
  [says(/^jwt audience invalid/), "registered-claims.aud-mismatch"],
  [says(/^jwt issuer invalid/), "key-selection.iss-unknown"],
  [says(/^iat required when maxAge/), "registered-claims.iat-missing"],
  [(error) => ["JsonWebTokenError", "TokenExpiredError", "NotBeforeError"].includes(error?.name), "unmapped"],
];

function keyOf(jwk) {
  try {
    return jwk.kty === "oct" ? createSecretKey(Buffer.from(jwk.k, "base64url"))
      : createPublicKey({ key: jwk, format: "jwk" });
  } catch (error) {
    throw new Refused("key-import.invalid-key", `caller: node:crypto did not import this key: ${error.message}`);
  }
}

function open({ default: jwt }, policy, keys) {
  const issuer = issuersOf(policy, keys, (entry, jwks) => {
    const imported = new Map();
    return {
      key: (kid) => {
        const jwk = jwkOf(jwks, kid);
        if (!imported.has(jwk)) imported.set(jwk, keyOf(jwk));
        return imported.get(jwk);
      },
      options: { algorithms: entry.algorithms, issuer: entry.iss, audience: entry.audience, maxAge: entry.max_age_s,
        clockTolerance: policy.leeway_s ?? 0 },
    };
  });
  return (token, now) => {
    const decoded = jwt.decode(token, { complete: true });
    // What it cannot decode it refuses, whatever the key.
    if (!decoded) return jwt.verify(token, createSecretKey(Buffer.alloc(32)), { algorithms: ["HS256"] });
    const { key, options } = issuer(decoded.payload?.iss);
    return jwt.verify(token, key(decoded.header.kid), { ...options, clockTimestamp: now });
  };
}

await serve({
  load: () => import("jsonwebtoken"),
  hello: () => ({
    name: "node-jsonwebtoken",
    library: "jsonwebtoken",
    version: JSON.parse(readFileSync(new URL("node_modules/jsonwebtoken/package.json", import.meta.url))).version,
    algorithms: ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"],
    gaps: [...commonGaps,
      gap("header-policy.typ-wrong", "verify has no option for typ"),
      gap("header-policy.typ-missing", "verify has no option for typ"),
      gap("header-policy.typ-type", "verify has no option for typ"),
      gap("registered-claims.exp-missing", "verify has no option for required claims"),
      gap("registered-claims.nbf-missing", "verify has no option for required claims"),
      gap("registered-claims.iat-missing", "verify has no option for required claims"),
      gap("registered-claims.sub-missing", "verify has no option for required claims"),
      gap("registered-claims.jti-missing", "verify has no option for required claims"),
      gap("registered-claims.claim-missing", "verify has no option for required claims"),
      ...keyGaps],
  }),
  open,
  reasons,
});
