#!/usr/bin/python3
# packages: python3 python3-jwt python3-cryptography libfaketime
"""PyJWT: jwt.decode with pinned algorithms, issuer, audience, leeway and required claims; keys by PyJWKClient."""
import base64
import json
import re
import sys

PROTOCOL = "assay-exec/1"


def say(**members):
    print(json.dumps(members), flush=True)


try:
    import jwt
    from jwt.exceptions import InvalidAudienceError, PyJWTError
except ImportError as error:
    say(protocol=PROTOCOL, problem="PyJWT is not installed: apt install python3-jwt python3-cryptography"
        if error.name == "jwt" else f"PyJWT cannot be imported: {error}")
    sys.exit(0)

# EdDSA: with Ed25519. PyJWK imports no Ed448, though its algorithm EdDSA would verify with it.
ALGORITHMS = ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
              "ES256", "ES384", "ES512", "ES256K", "EdDSA"]

GAPS = [
    ("compact-split.oversize", "jwt.decode has no limit on size"),
    ("header-json.depth", "no limit on depth can be set"),
    ("header-json.members", "no limit on members can be set"),
    ("claims-json.depth", "no limit on depth can be set"),
    ("claims-json.members", "no limit on members can be set"),
    ("header-policy.typ-missing", "jwt.decode does not look at typ"),
    ("header-policy.typ-wrong", "jwt.decode does not look at typ"),
    ("header-policy.typ-type", "jwt.decode does not look at typ"),
    ("header-policy.cty-nested", "jwt.decode does not look at cty"),
    ("key-selection.kid-oversize", "no limit on kid can be set"),
    ("key-selection.key-revoked", "the caller's own list"),
    ("key-selection.key-not-active", "the caller's own list"),
    ("key-import.private-key", "keys are imported one by one"),
    ("key-import.mixed-symmetry", "keys are imported one by one"),
    ("key-import.duplicate-kid", "keys are imported one by one"),
    ("registered-claims.aud-others", "one audience of several is enough"),
    ("registered-claims.lifetime", "there is no option for a longest lifetime"),
    ("registered-claims.age", "there is no option for a greatest age"),
    ("registered-claims.time-order", "claims are looked at one by one"),
    ("registered-claims.replayed", "it keeps no memory of tokens"),
    ("registered-claims.replicated-mismatch", "claims in the header are not looked at"),
    ("registered-claims.sub-type", "sub can only be required"),
    ("registered-claims.sub-empty", "sub can only be required"),
    ("registered-claims.jti-type", "jti can only be required"),
    ("authorisation.*", "jwt.decode knows no scopes, roles, actors or lists of the revoked"),
]

# Class and words of an exception -> reason. The first that fits is taken.
REASONS = [
    ("ExpiredSignatureError", "", "registered-claims.expired"),
    ("ImmatureSignatureError", r"\(nbf\)", "registered-claims.not-yet-valid"),
    ("ImmatureSignatureError", r"\(iat\)", "registered-claims.iat-future"),
    ("InvalidSignatureError", "", "signature.invalid"),
    ("InvalidAudienceError", "Invalid audience", "registered-claims.aud-mismatch"),
    ("InvalidAudienceError", "Invalid claim format", "registered-claims.aud-type"),
    ("MissingRequiredClaimError", '"exp"', "registered-claims.exp-missing"),
    ("MissingRequiredClaimError", '"nbf"', "registered-claims.nbf-missing"),
    ("MissingRequiredClaimError", '"iat"', "registered-claims.iat-missing"),
    ("MissingRequiredClaimError", '"sub"', "registered-claims.sub-missing"),
    ("MissingRequiredClaimError", '"jti"', "registered-claims.jti-missing"),
    ("MissingRequiredClaimError", '"aud"', "registered-claims.aud-missing"),
    ("MissingRequiredClaimError", '"iss"', "key-selection.iss-missing"),
    ("MissingRequiredClaimError", "", "registered-claims.claim-missing"),
    ("InvalidIssuerError", "", "key-selection.iss-unknown"),
    ("InvalidIssuedAtError", "", "registered-claims.iat-type"),
    ("InvalidAlgorithmError", "not supported", "header-policy.alg-unknown"),
    ("InvalidAlgorithmError", "", "header-policy.alg-not-allowed"),
    ("InvalidTokenError", "Key ID", "key-selection.kid-type"),
    ("InvalidTokenError", "must be a non-empty list|values must be strings", "header-policy.crit-malformed"),
    ("InvalidTokenError", "Unsupported critical extension", "header-policy.crit-unknown"),
    ("InvalidTokenError", "missing from headers", "header-policy.crit-absent"),
    ("DecodeError", "b64 header set to false", "header-policy.b64"),
    ("DecodeError", "Not enough segments", "compact-split.part-count"),
    ("DecodeError", "Invalid (header|payload|crypto) padding", "base64url.length"),
    ("DecodeError", "Invalid header string: must be a json object", "header-json.not-object"),
    ("DecodeError", "Invalid header string: .*codec can't decode", "header-json.utf8"),
    ("DecodeError", "Invalid header string: Extra data", "header-json.trailing"),
    ("DecodeError", "Invalid header string: Unexpected UTF-8 BOM", "header-json.bom"),
    ("DecodeError", "Invalid header string", "header-json.syntax"),
    ("DecodeError", "Invalid payload string: must be a json object", "claims-json.not-object"),
    ("DecodeError", "Invalid payload string: .*codec can't decode", "claims-json.utf8"),
    ("DecodeError", "Invalid payload string: Extra data", "claims-json.trailing"),
    ("DecodeError", "Invalid payload string: Unexpected UTF-8 BOM", "claims-json.bom"),
    ("DecodeError", "Invalid payload string", "claims-json.syntax"),
    ("DecodeError", r"\(exp\) must be", "registered-claims.exp-type"),
    ("DecodeError", r"\(nbf\) must be", "registered-claims.nbf-type"),
    ("PyJWKClientError", "Unable to find a signing key", "key-selection.kid-unknown"),
    ("PyJWKSetError", "did not contain any keys", "key-selection.no-keys"),
    ("PyJWKSetError", "Invalid JWK Set value", "key-import.set-syntax"),
    ("InvalidKeyError", "Coords should be", "key-import.coord-length"),
    ("InvalidKeyError", "Wrong key provided", "key-selection.kty-mismatch"),
    ("InvalidKeyError", "Unsupported crv|Invalid curve", "key-import.curve"),
    ("InvalidKeyError", "is not found|^Not an? |should have", "key-import.members"),
]


def reason_of(error):
    name, words = type(error).__name__, str(error)
    for kind, pattern, reason in REASONS:
        if kind == name and re.search(pattern, words, re.DOTALL):
            return reason
    return "unmapped"


def words_of(error):
    """Words may quote the token: what is no text in them would be no JSON for every reader."""
    words = f"{type(error).__name__}: {error}"[:480]
    return words.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


class Refused(Exception):
    """There is nothing to call the library with."""

    def __init__(self, reason, words):
        super().__init__(words)
        self.reason = reason


class Untold(Exception):
    """A rule of the policy that no option of the library takes."""


def is_pattern(entry):
    """A template, or an issuer whose tokens have no iss: the library takes an iss as it stands."""
    return "{" in entry.get("iss", "{")


class Issuer:
    """The keys of one issuer. PyJWKSet gives up the whole set for one key that PyJWK does not import, so such keys are
    taken out first, and what was raised by one is the answer to the tokens that name it."""

    def __init__(self, policy, jwks):
        self.policy = policy
        self.failed = {}  # by kid
        self.usable = jwks
        self.keys = {}  # by kid, as the client found them
        if isinstance(jwks, dict) and isinstance(jwks.get("keys"), list):
            self.usable = {"keys": [entry for entry in jwks["keys"] if self.imports(entry)]}
        # A set that is at hand instead of behind a URL: the client fetches whatever urllib can open.
        text = base64.b64encode(json.dumps(self.usable).encode()).decode()
        self.client = jwt.PyJWKClient(f"data:application/json;base64,{text}")

    def imports(self, entry):
        try:
            jwt.PyJWK(entry)
        except Exception as error:
            self.failed[entry.get("kid") if isinstance(entry, dict) else None] = error
            return False
        return True

    def key(self, kid):
        if kid in self.failed:
            raise self.failed[kid]
        if kid is None:
            return self.only_key()
        if kid not in self.keys:
            self.keys[kid] = self.client.get_signing_key(kid).key
        return self.keys[kid]

    def only_key(self):
        """The client finds no key without kid: a caller takes the only one there is."""
        found = self.client.get_jwk_set().keys
        if len(found) != 1:
            raise Refused("key-selection.kid-missing", "caller: no such key in the issuer's set")
        return found[0].key


class Setting:
    def __init__(self, policy, keys):
        self.leeway = policy.get("leeway_s", 0)
        self.issuers = {}
        self.patterns = any(is_pattern(entry) for entry in policy["issuers"])
        for entry in policy["issuers"]:
            if is_pattern(entry):
                continue
            # An issuer's set is imported when the first token asks for it: there are thousands of settings.
            self.issuers[entry["iss"]] = [entry, keys.get(entry["iss"]), None]

    def issuer(self, iss):
        slot = self.issuers.get(iss) if isinstance(iss, str) else None
        if not slot and self.patterns:
            raise Untold("caller: an issuer can only be told by its iss")
        if not slot:
            missing = not isinstance(iss, str)
            raise Refused("unmapped" if missing else "key-selection.iss-unknown",
                          "caller: no configuration for this issuer")
        if not slot[2]:
            slot[2] = Issuer(slot[0], slot[1])
        return slot[2]

    def verify(self, token):
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False})
        issuer = self.issuer(claims.get("iss"))
        policy = issuer.policy
        # Without an audience, an aud is refused, as RFC 7519 4.1.3 asks, unless it is not to be looked at.
        audience = policy.get("audience")
        looked_at = audience != "any"
        audience = audience if looked_at else None
        try:
            jwt.decode(token, issuer.key(header.get("kid")), algorithms=policy["algorithms"], issuer=policy["iss"],
                       audience=audience, leeway=self.leeway,
                       options={"require": policy.get("required", []), "verify_aud": looked_at})
        except InvalidAudienceError as error:
            # The same words, whether the audience is another one or none was given.
            if audience is None:
                raise Refused("registered-claims.aud-unexpected", words_of(error)) from error
            raise


def answer(setting, token):
    try:
        setting.verify(token)
    except Untold as untold:
        return {"verdict": "unsupported", "words": str(untold)}
    except Refused as refused:
        return {"verdict": "reject", "reason": refused.reason, "words": str(refused)}
    except PyJWTError as error:
        return {"verdict": "reject", "reason": reason_of(error), "words": words_of(error)}
    except Exception as error:  # none that the documentation knows
        return {"verdict": "undecided", "words": words_of(error)}
    return {"verdict": "accept", "words": ""}


def main():
    say(protocol=PROTOCOL, name="pyjwt", library="PyJWT", version=jwt.__version__, path=jwt.__file__,
        algorithms=ALGORITHMS, clock="process", build=[f"Python {sys.version.split()[0]}"],
        gaps=[{"reasons": reasons, "why": why} for reasons, why in GAPS])
    setting = None
    for line in sys.stdin:
        request = json.loads(line)
        if "policy" in request:
            setting = Setting(request["policy"], request["keys"])
        token = request["token"] if "token" in request else base64.b64decode(request["token_b64"])
        say(id=request["id"], **answer(setting, token))


if __name__ == "__main__":
    main()
