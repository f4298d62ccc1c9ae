#!/usr/bin/ruby
# packages: ruby ruby-jwt libfaketime
# frozen_string_literal: true

# ruby-jwt: JWT.decode with pinned algorithms, issuer, audience, leeway and required claims; keys by its own JWK finder.
require "base64"
require "json"

PROTOCOL = "assay-exec/1"

def say(members)
  $stdout.puts(JSON.generate(members))
  $stdout.flush
end

begin
  require "jwt"
rescue LoadError => e
  missing = e.path == "jwt" ? "is not installed: apt install ruby-jwt" : "cannot be loaded: #{e.message}"
  say(protocol: PROTOCOL, problem: "ruby-jwt #{missing}")
  exit
end

ALGORITHMS = %w[HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512].freeze

GAPS = {
  "compact-split.oversize" => "no limit on size can be set",
  "header-json.depth" => "no limit on depth can be set",
  "header-json.members" => "no limit on members can be set",
  "claims-json.depth" => "no limit on depth can be set",
  "claims-json.members" => "no limit on members can be set",
  "header-policy.typ-missing" => "JWT.decode does not look at typ",
  "header-policy.typ-wrong" => "JWT.decode does not look at typ",
  "header-policy.typ-type" => "JWT.decode does not look at typ",
  "header-policy.cty-nested" => "JWT.decode does not look at cty",
  "key-selection.kid-oversize" => "no limit on kid can be set",
  "key-selection.key-revoked" => "the caller's own list",
  "key-selection.key-not-active" => "the caller's own list",
  "registered-claims.aud-unexpected" => "aud is not looked at where no audience is given",
  "registered-claims.aud-others" => "one audience of several is enough",
  "registered-claims.lifetime" => "there is no option for a longest lifetime",
  "registered-claims.age" => "there is no option for a greatest age",
  "registered-claims.time-order" => "claims are looked at one by one",
  "registered-claims.replayed" => "it keeps no memory of tokens",
  "registered-claims.replicated-mismatch" => "claims in the header are not looked at",
  "registered-claims.sub-type" => "sub can only be required or compared",
  "registered-claims.sub-empty" => "sub can only be required or compared",
  "registered-claims.jti-type" => "jti can only be required",
  "authorisation.*" => "JWT.decode knows no scopes, roles, actors or lists of the revoked"
}.freeze

# Class and words of an error -> reason. The first that fits is taken.
REASONS = [
  ["JWT::ExpiredSignature", //, "registered-claims.expired"],
  ["JWT::ImmatureSignature", //, "registered-claims.not-yet-valid"],
  ["JWT::VerificationError", //, "signature.invalid"],
  ["JWT::InvalidIssuerError", /received <none>/, "key-selection.iss-missing"],
  ["JWT::InvalidIssuerError", //, "key-selection.iss-unknown"],
  ["JWT::InvalidAudError", /received <none>/, "registered-claims.aud-missing"],
  ["JWT::InvalidAudError", //, "registered-claims.aud-mismatch"],
  ["JWT::MissingRequiredClaim", /claim exp/, "registered-claims.exp-missing"],
  ["JWT::MissingRequiredClaim", /claim nbf/, "registered-claims.nbf-missing"],
  ["JWT::MissingRequiredClaim", /claim iat/, "registered-claims.iat-missing"],
  ["JWT::MissingRequiredClaim", /claim sub/, "registered-claims.sub-missing"],
  ["JWT::MissingRequiredClaim", /claim jti/, "registered-claims.jti-missing"],
  ["JWT::MissingRequiredClaim", /claim aud/, "registered-claims.aud-missing"],
  ["JWT::MissingRequiredClaim", //, "registered-claims.claim-missing"],
  ["JWT::IncorrectAlgorithm", /missing alg/, "header-policy.alg-missing"],
  ["JWT::IncorrectAlgorithm", /Expected a different/, "header-policy.alg-not-allowed"],
  ["JWT::IncorrectAlgorithm", /payload algorithm is .* but .* was provided/, "key-selection.kty-mismatch"],
  ["JWT::DecodeError", /Not enough or too many segments/, "compact-split.part-count"],
  ["JWT::DecodeError", /No key id/, "key-selection.kid-missing"],
  ["JWT::DecodeError", /No keys found in jwks/, "key-selection.no-keys"],
  ["JWT::DecodeError", /Could not find public key for kid/, "key-selection.kid-unknown"],
  ["JWT::JWKError", /kty\) not provided|invalid for/, "key-import.members"],
  ["JWT::JWKError", /curve/, "key-import.curve"]
].freeze

# There is nothing to call the library with.
class Refused < StandardError
  attr_reader :reason

  def initialize(reason, words)
    super(words)
    @reason = reason
  end
end

# A rule of the policy that no option of the library takes.
class Untold < StandardError
end

# One policy with its key sets. A template, or an issuer whose tokens have no iss, cannot be told: the library takes an
# iss as it stands.
class Setting
  def initialize(policy, keys)
    @leeway = policy["leeway_s"] || 0
    named, patterns = policy["issuers"].partition { |entry| entry["iss"] && !entry["iss"].include?("{") }
    @patterns = patterns.any?
    @issuers = named.to_h { |entry| [entry["iss"], issuer(entry, keys[entry["iss"]])] }
  end

  def verify(token)
    claims, = JWT.decode(token, nil, false)
    issuer = claims.is_a?(Hash) ? @issuers[claims["iss"]] : nil
    raise Untold, "caller: an issuer can only be told by its iss" if issuer.nil? && @patterns

    unless issuer
      raise Refused.new(claims.is_a?(Hash) && claims["iss"].is_a?(String) ? "key-selection.iss-unknown" : "unmapped",
                        "caller: no configuration for this issuer")
    end
    JWT.decode(token, nil, true, issuer[:options], &issuer[:secret])
  end

  private

  # Its JWK for HMAC takes k as the secret itself, not as its base64url, so secrets come from a key finder.
  def issuer(entry, jwks)
    jwks = { "keys" => [] } unless jwks.is_a?(Hash)
    by_hmac = entry["algorithms"].all? { |name| name.start_with?("HS") }
    { options: options(entry).merge(by_hmac ? {} : { jwks: jwks }), secret: by_hmac ? secrets(jwks) : nil }
  end

  def secrets(jwks)
    list = Array(jwks["keys"]).select { |jwk| jwk.is_a?(Hash) }
    lambda do |header|
      kid = header["kid"]
      jwk = kid.nil? ? (list.size == 1 ? list[0] : nil) : list.find { |one| one["kid"] == kid }
      unless jwk && jwk["k"].is_a?(String)
        raise Refused.new(kid.nil? ? "key-selection.kid-missing" : "key-selection.kid-unknown",
                          "caller: no such key in the issuer's set")
      end
      Base64.urlsafe_decode64(jwk["k"])
    end
  end

  def options(entry)
    audience = entry["audience"] == "any" ? nil : entry["audience"]
    { algorithms: entry["algorithms"], leeway: @leeway, iss: entry["iss"], verify_iss: true, aud: audience, verify_aud: !audience.nil?, verify_iat: true,
      verify_expiration: true, verify_not_before: true, required_claims: entry["required"] || [] }
  end
end

# Words may quote the token: what is no text in them would be no JSON for every reader.
def words_of(error)
  "#{error.class}: #{error.message}".dup.force_encoding("UTF-8").scrub("\ufffd").tr("\0", "\ufffd")[0, 240]
end

def answer(setting, token)
  setting.verify(token)
  { verdict: "accept", words: "" }
rescue Untold => e
  { verdict: "unsupported", words: e.message }
rescue Refused => e
  { verdict: "reject", reason: e.reason, words: e.message }
rescue JWT::DecodeError => e
  row = REASONS.find { |name, pattern, _| name == e.class.name && e.message.scrub("?").match?(pattern) }
  { verdict: "reject", reason: row ? row[2] : "unmapped", words: words_of(e) }
rescue StandardError, NotImplementedError, SystemStackError => e
  { verdict: "undecided", words: words_of(e) }
end

say(protocol: PROTOCOL, name: "ruby-jwt", library: "ruby-jwt", version: JWT.gem_version.to_s,
    path: $LOADED_FEATURES.find { |path| path.end_with?("/jwt.rb") }.to_s, algorithms: ALGORITHMS, clock: "process",
    build: ["Ruby #{RUBY_VERSION}", OpenSSL::OPENSSL_LIBRARY_VERSION], gaps: GAPS.map { |reasons, why| { reasons: reasons, why: why } })

setting = nil
$stdin.each_line do |line|
  request = JSON.parse(line, max_nesting: false)
  setting = Setting.new(request["policy"], request["keys"]) if request.key?("policy")
  token = request["token"] || Base64.decode64(request["token_b64"])
  say({ id: request["id"] }.merge(answer(setting, token)))
end
