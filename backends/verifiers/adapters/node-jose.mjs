#!/usr/bin/env node
// jose: jwtVerify with a local JWKS, or with an imported secret where the issuer signs by HMAC.
import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";
import { commonGaps, gap, issuersOf, jwkOf, onlyTyp, serve } from "./protocol.mjs";

globalThis.crypto ??= webcrypto; // Node.js 18 has it under another name

const missing = { iss: "key-selection.iss-missing", exp: "registered-claims.exp-missing", nbf: "registered-claims.nbf-missing",
  iat: "registered-claims.iat-missing", sub: "registered-claims.sub-missing", jti: "registered-claims.jti-missing",
  aud: "registered-claims.aud-missing" };
const code = (name, words) => (error) => error.code === name && (!words || words.test(error.message));
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
  [code("ERR_JWKS_INVALID"), "key-import.set-syntax"],
  [(error) => typeof error?.code === "string" && /^ERR_(JWT|JWS|JWK|JWKS|JOSE)_/.test(error.code), "unmapped"],
];

// An issuer that signs by HMAC has no JWKS in the sense of the library: its secrets are imported by kid.
function keyOf(jose, entry, jwks) {
  if (entry.algorithms.some((name) => !name.startsWith("HS"))) return jose.createLocalJWKSet(jwks);
  const imported = new Map();
  return async (header) => {
    const jwk = jwkOf(jwks, header.kid);
    if (!imported.has(jwk)) imported.set(jwk, await jose.importJWK(jwk, header.alg));
    return imported.get(jwk);
  };
}

function open(jose, policy, keys) {
  const issuer = issuersOf(policy, keys, (entry, jwks) => ({
    key: keyOf(jose, entry, jwks),
    options: { algorithms: entry.algorithms, issuer: entry.iss, audience: entry.audience, requiredClaims: entry.required,
      maxTokenAge: entry.max_age_s, clockTolerance: policy.leeway_s ?? 0, typ: onlyTyp(policy) },
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
      gap("key-selection.key-use", "secrets are imported one by one: its JWK sets are for public keys"),
      gap("key-selection.key-ops", "secrets are imported one by one: its JWK sets are for public keys"),
      gap("key-selection.key-alg", "secrets are imported one by one: its JWK sets are for public keys"),
      gap("header-policy.typ-wrong", "the option typ takes one value"),
      gap("header-policy.typ-missing", "the option typ takes one value"),
      gap("header-policy.typ-type", "the option typ takes one value")],
  }),
  open,
  reasons,
});
