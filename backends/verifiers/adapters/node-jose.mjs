#!/usr/bin/env node
// packages: nodejs npm
// jose: jwtVerify with a local JWKS, or with the one JWK that kid names where the issuer signs by HMAC.
import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";
import { commonGaps, gap, issuersOf, jwkOf, onlyTyp, serve } from "./protocol.mjs";

globalThis.crypto ??= webcrypto; // Node.js 18 has it under another name

const missing = { iss: "key-selection.iss-missing", exp: "registered-claims.exp-missing", nbf: "registered-claims.nbf-missing",
  iat: "registered-claims.iat-missing", sub: "registered-claims.sub-missing", jti: "registered-claims.jti-missing",
  aud: "registered-claims.aud-missing" };
const code = (name, words) => (error) => error.code === name && (!words || words.test(error.message));
// What it finds wrong with a key it says by a TypeError of its own.
const says = (words) => (error) => error instanceof TypeError && words.test(error.message);
const claim = (name, reason) => (error) =>
  error.code === "ERR_JWT_CLAIM_VALIDATION_FAILED" && error.claim === name && error.reason === reason;

const reasons = [
  [(error) => error.code === "ERR_JWT_EXPIRED" && error.claim === "exp", "registered-claims.expired"],
  [(error) => error.code === "ERR_JWT_EXPIRED" && error.claim === "iat", "registered-claims.age"],
  ...Object.entries(missing).map(([name, reason]) => [claim(name, "missing"), reason]),
  [code("ERR_JWT_CLAIM_VALIDATION_FAILED", /^missing required/), "registered-claims.claim-missing"],
  [claim("exp", "invalid"), "registered-claims.exp-type"],
  [claim("nbf", "invalid"), "registered-claims.nbf-type"],
  [claim("iat", "invalid"), "registered-claims.iat-type"],
  [claim("nbf", "check_failed"), "registered-claims.not-yet-valid"],
  [claim("iat", "check_failed"), "registered-claims.iat-future"],
  [claim("iss", "check_failed"), "key-selection.iss-unknown"],
  [claim("aud", "check_failed"), "registered-claims.aud-mismatch"],
  [claim("typ", "check_failed"), "header-policy.typ-wrong"],
  [code("ERR_JWS_SIGNATURE_VERIFICATION_FAILED"), "signature.invalid"],
  [code("ERR_JWKS_MULTIPLE_MATCHING_KEYS"), "key-selection.kid-missing"],
  [code("ERR_JOSE_ALG_NOT_ALLOWED"), "header-policy.alg-not-allowed"],
  [code("ERR_JOSE_NOT_SUPPORTED", /Extension Header Parameter/), "header-policy.crit-unknown"],
  [code("ERR_JWT_INVALID", /MUST NOT use unencoded payload/), "header-policy.b64"],
  [code("ERR_JWT_INVALID", /^(Invalid JWT|Only JWTs using Compact)$/), "compact-split.part-count"],
  [code("ERR_JWT_INVALID", /must contain a payload/), "compact-split.empty-payload"],
  [code("ERR_JWT_INVALID", /^Invalid JWT Claims Set/), "claims-json.not-object"],
  [(error) => code("ERR_JWT_INVALID", /decoded payload as JSON/)(error) && error.cause instanceof SyntaxError,
    "claims-json.syntax"],
  [(error) => code("ERR_JWT_INVALID", /decoded payload as JSON/)(error) && error.cause instanceof TypeError,
    "claims-json.utf8"],
  [code("ERR_JWS_INVALID", /"alg" \(Algorithm\)/), "header-policy.alg-missing"],
  [code("ERR_JWS_INVALID", /"crit" \(Critical\) Header Parameter MUST be an array/), "header-policy.crit-malformed"],
  [code("ERR_JWS_INVALID", /"b64"/), "header-policy.b64"],
  [code("ERR_JWKS_INVALID", /must be public keys/), "key-import.private-key"],
  [code("ERR_JWKS_INVALID"), "key-import.set-syntax"],
  [says(/key modulusLength to be 2048 bits or larger/), "key-import.rsa-small"],
  [says(/^Invalid key for this operation, its "use"/), "key-selection.key-use"],
  [says(/^Invalid key for this operation, its "key_ops"|^"key_ops" /), "key-selection.key-ops"],
  [says(/^Invalid key for this operation, its "alg"/), "key-selection.key-alg"],
  [says(/^JSON Web Key for symmetric algorithms must have/), "key-selection.kty-mismatch"],
  [(error) => typeof error?.code === "string" && /^ERR_(JWT|JWS|JWK|JWKS|JOSE)_/.test(error.code), "unmapped"],
];

// Its JWK sets are for public keys. A secret is given as the JWK that it is, whose use, key_ops and alg it then looks at.
function keyOf(jose, entry, jwks) {
  if (entry.algorithms.some((name) => !name.startsWith("HS"))) return jose.createLocalJWKSet(jwks);
  return (header) => jwkOf(jwks, header.kid);
}

// iat is looked at only with a greatest age. No token that has not expired is older than the longest lifetime.
function ageOf(entry) {
  return entry.max_age_s ?? (entry.required?.includes("iat") ? entry.max_lifetime_s : undefined);
}

function open(jose, policy, keys) {
  const issuer = issuersOf(policy, keys, (entry, jwks) => ({
    key: keyOf(jose, entry, jwks),
    options: { algorithms: entry.algorithms, issuer: entry.iss, audience: entry.audience, requiredClaims: entry.required,
      maxTokenAge: ageOf(entry), clockTolerance: policy.leeway_s ?? 0, typ: onlyTyp(policy) },
  }));
  return async (token, now) => {
    const { key, options } = issuer(jose.decodeJwt(token).iss);
    await jose.jwtVerify(token, key, { ...options, currentDate: new Date(now * 1000) });
  };
}

await serve({
  load: () => import("jose"),
  hello: () => ({
    name: "node-jose",
    library: "jose",
    version: JSON.parse(readFileSync(new URL("node_modules/jose/package.json", import.meta.url))).version,
    algorithms: ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
      "EdDSA"],
    gaps: [...commonGaps,
      gap("header-policy.typ-wrong", "the option typ takes one value"),
      gap("header-policy.typ-missing", "the option typ takes one value"),
      gap("header-policy.typ-type", "the option typ takes one value")],
  }),
  open,
  reasons,
});
