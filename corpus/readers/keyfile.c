/* What is in a file of keys? See keyfile.h. */
#include "corpus/readers/keyfile.h"

#include <errno.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corpus/base/fatal.h"
#include "corpus/base/text.h"
#include "corpus/readers/key_der.h"
#include "corpus/readers/key_pem.h"
#include "harness/base/files/file.h"
#include "harness/base/utf8.h"

#define FILE_BYTES_MAX ((size_t)64 << 20)
#define PEM_MARK "-----BEGIN "

/* Where messages lead: the file, and the line in it where one is known. */
struct place {
  const char *path;
  size_t line, column;
};

/* ---- what is taken ---- */

static void take_keys(struct keyfile *out, json_t *keys, bool unnamed) {
  json_t *set = must(json_pack("{s:O}", "keys", keys));
  out->jwks = must(json_dumps(set, JSON_COMPACT));
  out->unnamed = unnamed ? json_incref(keys) : must(json_array());
  json_decref(set);
  json_decref(keys);
}

static void take_text(struct keyfile *out, struct assay_bytes text) {
  out->jwks = must_copy(text.ptr, text.len);
  out->unnamed = must(json_array());
}

static bool take_pem(struct assay_bytes text, struct place *place, struct keyfile *out,
                     struct assay_error *error) {
  json_t *keys = must(json_array());
  if (key_pem_add(text, NULL, keys, &place->line, error)) {
    take_keys(out, keys, true);
    return true;
  }
  json_decref(keys);
  return false;
}

static bool take_der(struct assay_bytes der, struct keyfile *out, struct assay_error *error) {
  enum der_form form = der_form_of(der);
  if (form == DER_OTHER_PRIVATE)
    return error_set(error,
                     "a private key in DER: give the public one, which `openssl pkey -in FILE -pubout` "
                     "writes, and keep this one to its owner");
  if (form == DER_OTHER_PKCS12)
    return error_set(error, "a PKCS#12 file, which holds private keys: give the certificate, which `openssl "
                            "pkcs12 -in FILE -clcerts -nokeys` writes");
  if (form == DER_OTHER_CMS)
    return error_set(error, "a PKCS#7 file: `openssl pkcs7 -inform DER -in FILE -print_certs` writes the "
                            "certificates in it");
  if (form == DER_UNKNOWN)
    return error_set(error, "binary data that is no public key and no certificate in DER");
  json_t *keys = must(json_array());
  if (key_der_add(form, der, NULL, keys, error)) {
    take_keys(out, keys, true);
    return true;
  }
  json_decref(keys);
  return false;
}

/* ---- JSON ---- */

static bool is_jwk(const json_t *value) {
  return json_is_string(json_object_get(value, "kty"));
}

static bool is_private_jwk(const json_t *jwk) {
  const char *kty = json_string_value(json_object_get(jwk, "kty"));
  return strcmp(kty, "oct") != 0 && json_object_get(jwk, "d") != NULL;
}

static bool any_private_jwk(const json_t *keys) {
  for (size_t i = 0; i < json_array_size(keys); i++)
    if (is_jwk(json_array_get(keys, i)) && is_private_jwk(json_array_get(keys, i)))
      return true;
  return false;
}

static bool is_jwk_array(const json_t *value) {
  for (size_t i = 0; i < json_array_size(value); i++)
    if (!is_jwk(json_array_get(value, i)))
      return false;
  return json_array_size(value) > 0;
}

static bool is_pem(const json_t *value) {
  return json_is_string(value) && strstr(json_string_value(value), PEM_MARK);
}

static bool is_x509_map(const json_t *object) {
  const char *kid;
  json_t *value;
  json_object_foreach((json_t *)object, kid, value) {
    if (is_pem(value))
      return true;
  }
  return false;
}

#define PRIVATE_JWK "a private key as a JWK (it has 'd'): give the public one, and keep this one to its owner"

static bool take_jwk(const json_t *jwk, struct keyfile *out, struct assay_error *error) {
  if (is_private_jwk(jwk))
    return error_set(error, PRIVATE_JWK);
  bool unnamed = !json_object_get(jwk, "kid");
  json_t *keys = must(json_array());
  json_array_append_new(keys, json_deep_copy(jwk));
  take_keys(out, keys, unnamed);
  return true;
}

static bool add_mapped(const char *kid, const json_t *value, json_t *keys, struct assay_error *error) {
  struct assay_error why;
  size_t line;
  return key_pem_add(bytes_str(json_string_value(value)), kid, keys, &line, &why) ||
         error_set(error, "under '%.100s': %s", kid, why.text);
}

/* What is PEM comes first: a private key among other things is the thing to name. */
static bool add_map(const json_t *map, json_t *keys, struct assay_error *error) {
  const char *kid, *other = NULL;
  json_t *value;
  json_object_foreach((json_t *)map, kid, value) {
    if (!is_pem(value))
      other = kid;
    else if (!add_mapped(kid, value, keys, error))
      return false;
  }
  return !other || error_set(error, "the member '%.100s' is no certificate in PEM, as others are", other);
}

static bool take_map(const json_t *map, struct keyfile *out, struct assay_error *error) {
  json_t *keys = must(json_array());
  bool ok = add_map(map, keys, error);
  if (ok)
    take_keys(out, json_incref(keys), false);
  json_decref(keys);
  return ok;
}

/* "the members 'a', 'b', 'c' and more" */
static void list_members(const json_t *object, char *list, size_t size) {
  const char *name;
  json_t *value;
  size_t used = 0, count = 0;
  list[0] = '\0';
  json_object_foreach((json_t *)object, name, value) {
    if (count++ == 3)
      break;
    used += (size_t)snprintf(list + used, size - used, "%s'%.40s'", used ? ", " : "", name);
  }
  if (count > 3)
    snprintf(list + used, size - used, " and more");
}

static bool is_url(const char *path) {
  return strncasecmp(path, "http://", 7) == 0 || strncasecmp(path, "https://", 8) == 0;
}

/* Fit to be pasted between quotes: a URL out of a file may be anything. */
static bool is_plain_url(const char *url) {
  static const char fine[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:/?#[]@!$&()*+,;=-._~%";
  return is_url(url) && url[strspn(url, fine)] == '\0' && strlen(url) < 300;
}

static bool refuse_metadata(const char *url, struct assay_error *error) {
  bool plain = is_plain_url(url);
  return error_set(error,
                   "an issuer's metadata (OpenID Connect Discovery, RFC 8414), not its keys: save those with "
                   "`curl -o keys.jwks %s%s%s`, and name keys.jwks",
                   plain ? "'" : "", plain ? url : "JWKS_URI", plain ? "'" : "");
}

static bool refuse_json(const json_t *value, struct assay_error *error) {
  const char *url = json_string_value(json_object_get(value, "jwks_uri"));
  char members[256];
  if (url)
    return refuse_metadata(url, error);
  if (!json_is_object(value))
    return error_set(error, "JSON, but no key set: it has no 'keys' and is no JWK");
  list_members(value, members, sizeof members);
  return error_set(error, "a JSON object without keys: it has %s%s, and neither 'keys' nor 'kty'",
                   members[0] ? "" : "no members", members);
}

static bool is_set(const json_t *value) {
  return json_object_get(value, "keys") != NULL;
}

bool keyfile_is_set(const json_t *value, struct assay_error *error) {
  const json_t *keys = json_object_get(value, "keys");
  if (!is_set(value))
    return refuse_json(value, error);
  if (!json_is_array(keys))
    return error_set(error, "its 'keys' is no array of keys");
  for (size_t i = 0; i < json_array_size(keys); i++)
    if (!json_is_object(json_array_get(keys, i)))
      return error_set(error, "what stands in its 'keys' is no JWK");
  return true;
}

static bool take_text_of(const json_t *string, struct keyfile *out, struct assay_error *error);

/* True and *taken false: none of the forms that stand for a set. */
static bool take_json(const json_t *value, bool *taken, struct keyfile *out, struct assay_error *error) {
  *taken = true;
  if (is_jwk(value) && !is_set(value))
    return take_jwk(value, out, error);
  if (is_jwk_array(value)) {
    take_keys(out, json_deep_copy(value), false);
    return true;
  }
  if (json_is_object(value) && !is_set(value) && is_x509_map(value))
    return take_map(value, out, error);
  if (json_is_string(value))
    return take_text_of(value, out, error);
  *taken = false;
  return true;
}

/* "'kid'": the name that Jansson says a doubled member has; "a member" where that is too long for it. The
 * rest of its words may quote a secret, and is not told. */
static void doubled_name(const json_error_t *problem, char *name, size_t size) {
  static const char before[] = " near '\"";
  const char *at = strstr(problem->text, before), *end = strrchr(problem->text, '"');
  at += at ? sizeof before - 1 : 0;
  if (at && end > at)
    snprintf(name, size, "'%.*s'", (int)(end - at), at);
  else
    snprintf(name, size, "a member");
}

/* Twice is a member for some readers the first one and for others the last. */
static void refuse_doubled(const json_error_t *problem, struct assay_error *error) {
  char name[64];
  doubled_name(problem, name, sizeof name);
  error_set(error, "%s stands twice in an object, and readers differ on which of them counts (RFC 7517 4)",
            name);
}

static json_t *load_json(struct assay_bytes text, struct place *place, struct assay_error *error) {
  json_error_t problem;
  json_t *value = json_loadb(
      (const char *)text.ptr, text.len,
      JSON_ALLOW_NUL | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES, &problem);
  if (value)
    return value;
  place->line = (size_t)(problem.line > 0 ? problem.line : 1);
  place->column = (size_t)(problem.column > 0 ? problem.column : 1);
  if (json_error_code(&problem) == json_error_duplicate_key)
    refuse_doubled(&problem, error);
  else
    error_set(error, "not JSON, though it begins like it");
  return NULL;
}

static bool take_json_text(struct assay_bytes text, struct place *place, struct keyfile *out,
                           struct assay_error *error) {
  bool taken;
  json_t *value = load_json(text, place, error);
  if (!value)
    return false;
  const json_t *keys = is_set(value) ? json_object_get(value, "keys") : value;
  bool ok = any_private_jwk(keys) ? error_set(error, PRIVATE_JWK) : take_json(value, &taken, out, error);
  if (ok && !taken && is_set(value))
    take_text(out, text); /* what is wrong in it is the pipeline's to say */
  else if (ok && !taken)
    ok = refuse_json(value, error);
  json_decref(value);
  return ok;
}

/* ---- what something else is ---- */

static bool begins(struct assay_bytes text, const char *word) {
  size_t len = strlen(word);
  return text.len >= len && strncasecmp((const char *)text.ptr, word, len) == 0;
}

static bool is_readable(struct assay_bytes text) {
  for (size_t i = 0; i < text.len; i++)
    if (text.ptr[i] < 0x20 && !memchr("\t\r\n", text.ptr[i], 3))
      return false;
  return true;
}

static const struct {
  const char *beginning, *is;
} others[] = {
    {"ssh-", "an OpenSSH public key: `ssh-keygen -e -m PKCS8 -f FILE` writes it as PEM"},
    {"ecdsa-sha2-", "an OpenSSH public key: `ssh-keygen -e -m PKCS8 -f FILE` writes it as PEM"},
    {"---- BEGIN SSH2", "an SSH2 public key: `ssh-keygen -i -m RFC4716 -f FILE` reads it"},
    {"PuTTY-User-Key-File", "a private key of PuTTY: give the public one, and keep this one to its owner"},
    {"http://", "a URL in a file, not keys: save what it leads to with `curl -o keys.jwks URL`"},
    {"https://", "a URL in a file, not keys: save what it leads to with `curl -o keys.jwks URL`"},
    {"schema:", "a policy, not keys: --policy takes it"},
    {"eyJ", "a token, not a key"},
    {"\xfe\xed\xfe\xed", "a Java key store: `keytool -exportcert -rfc -keystore FILE -alias NAME` writes a "
                         "certificate of it"},
};

static bool refuse_other(struct assay_bytes text, struct assay_error *error) {
  const char *foreign = foreign_text(text);
  if (foreign)
    return error_set(error, "%s", foreign);
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    if (begins(text, others[i].beginning))
      return error_set(error, "%s", others[i].is);
  if (is_readable(text))
    return error_set(error,
                     "text that is no key: neither JSON nor PEM (a secret is named with --secret-file)");
  return error_set(error, "binary data that is no public key and no certificate in DER");
}

/* A key without the lines around it, as consoles show it. For free(). */
static struct assay_bytes decode_bare(struct assay_bytes text) {
  struct base64_decode_ctx decoder;
  size_t len = 0;
  uint8_t *octets = must(malloc(BASE64_DECODE_LENGTH(text.len) + 1));
  base64_decode_init(&decoder);
  if (base64_decode_update(&decoder, &len, octets, text.len, (const char *)text.ptr) &&
      base64_decode_final(&decoder) && len > 0 && octets[0] == 0x30)
    return bytes_of(octets, len);
  free(octets);
  return (struct assay_bytes){0};
}

static bool take_other(struct assay_bytes text, struct keyfile *out, struct assay_error *error) {
  if (text.ptr[0] == 0x30 && !is_readable(text))
    return take_der(text, out, error);
  struct assay_bytes der = decode_bare(text);
  if (!der.ptr || der_form_of(der) == DER_UNKNOWN) {
    free((void *)der.ptr);
    return refuse_other(text, error);
  }
  bool ok = take_der(der, out, error);
  explicit_bzero((void *)der.ptr, der.len);
  free((void *)der.ptr);
  return ok;
}

/* ---- any text ---- */

static struct assay_bytes without_blanks(struct assay_bytes text) {
  while (text.len > 0 && memchr(" \t\r\n", text.ptr[0], 4))
    text = bytes_of(text.ptr + 1, text.len - 1);
  return text;
}

static bool take_any(struct assay_bytes text, struct place *place, struct keyfile *out,
                     struct assay_error *error) {
  struct assay_bytes marked = utf8_without_mark(text), inside = without_blanks(marked);
  if (inside.len == 0)
    return error_set(error, text.len == 0 ? "there is nothing in it" : "there is nothing in it but blanks");
  if (memchr("{[\"", inside.ptr[0], 3))
    return take_json_text(marked, place, out, error);
  if (key_pem_begins(inside))
    return take_pem(marked, place, out, error);
  return take_other(text.ptr[0] == 0x30 ? text : inside, out, error);
}

static bool take_text_of(const json_t *string, struct keyfile *out, struct assay_error *error) {
  struct place place = {0};
  struct assay_bytes text = bytes_of(json_string_value(string), json_string_length(string));
  struct assay_bytes inside = without_blanks(text);
  if (inside.len > 0 && memchr("{[\"", inside.ptr[0], 3))
    return error_set(error, "JSON within a string: write it without the quotes around it");
  return take_any(text, &place, out, error);
}

/* ---- files ---- */

/* A run of octets that may be a secret: what it leaves behind as it grows is overwritten. */
struct octets {
  uint8_t *ptr;
  size_t len, size;
};

static void octets_grow(struct octets *octets) {
  size_t size = octets->size ? 2 * octets->size : (size_t)1 << 16;
  uint8_t *more = must(malloc(size));
  if (octets->len)
    memcpy(more, octets->ptr, octets->len);
  if (octets->ptr)
    explicit_bzero(octets->ptr, octets->len);
  free(octets->ptr);
  octets->ptr = more;
  octets->size = size;
}

/* A pipe is read to its end, too: `--keys <(curl ...)`. */
static bool read_stream(FILE *stream, const char *path, struct octets *octets, struct assay_error *error) {
  size_t n = 1;
  for (; n > 0 && octets->len <= FILE_BYTES_MAX; octets->len += n) {
    if (octets->len == octets->size)
      octets_grow(octets);
    n = fread(octets->ptr + octets->len, 1, octets->size - octets->len, stream);
  }
  if (ferror(stream))
    return error_set(error, "%s: cannot be read: %s", path, strerror(errno));
  return octets->len <= FILE_BYTES_MAX ||
         error_set(error, "%s: longer than %zu MiB", path, FILE_BYTES_MAX >> 20);
}

static void octets_free(struct assay_bytes octets) {
  explicit_bzero((void *)octets.ptr, octets.len);
  free((void *)octets.ptr);
}

/* octets_free after true. */
static bool read_octets(const char *path, struct assay_bytes *out, struct assay_error *error) {
  if (is_url(path))
    return error_set(error,
                     "%.300s: a URL, and nothing is fetched here: save it with `curl -o keys.jwks '%.300s'`, "
                     "and name keys.jwks",
                     path, path);
  bool is_stdin = strcmp(path, "-") == 0;
  FILE *stream = is_stdin ? stdin : fopen(path, "rbe");
  if (!stream)
    return error_set(error, "%s: cannot be opened: %s", path, strerror(errno));
  setvbuf(stream, NULL, _IONBF, 0); /* no copy of a secret stays behind */
  struct octets octets = {0};
  bool ok = read_stream(stream, file_stream_name(path), &octets, error);
  if (!is_stdin)
    fclose(stream);
  *out = bytes_of(octets.ptr, octets.len);
  if (!ok)
    octets_free(*out);
  return ok;
}

static bool tell_place(const struct place *place, const char *sentence, struct assay_error *error) {
  if (place->column)
    return error_set(error, "%s:%zu:%zu: %s", place->path, place->line, place->column, sentence);
  if (place->line > 1)
    return error_set(error, "%s:%zu: %s", place->path, place->line, sentence);
  return error_set(error, "%s: %s", place->path, sentence);
}

bool keyfile_of_text(struct assay_bytes text, const char *name, struct keyfile *out,
                     struct assay_error *error) {
  struct assay_error why;
  struct place place = {.path = name};
  *out = (struct keyfile){0};
  return take_any(text, &place, out, &why) || tell_place(&place, why.text, error);
}

bool keyfile_read(const char *path, struct keyfile *out, struct assay_error *error) {
  struct assay_bytes octets;
  *out = (struct keyfile){0};
  if (!read_octets(path, &octets, error))
    return false;
  bool ok = keyfile_of_text(octets, file_stream_name(path), out, error);
  octets_free(octets);
  return ok;
}

/* Without the end of the line, where the secret is a line of text. */
static struct assay_bytes secret_in(struct assay_bytes octets) {
  size_t len = octets.len;
  if (is_readable(octets) && len > 0 && octets.ptr[len - 1] == '\n')
    len -= len > 1 && octets.ptr[len - 2] == '\r' ? 2 : 1;
  return bytes_of(octets.ptr, len);
}

static void take_secret(struct assay_bytes secret, struct keyfile *out) {
  OWNED_BYTES struct text k = {0};
  text_add_b64url(&k, secret.ptr, secret.len);
  take_keys(out, must(json_pack("[{s:s, s:s%}]", "kty", "oct", "k", (const char *)k.ptr, k.len)), true);
  explicit_bzero(k.ptr, k.len);
}

bool keyfile_read_secret(const char *path, struct keyfile *out, struct assay_error *error) {
  struct assay_bytes octets;
  *out = (struct keyfile){0};
  if (!read_octets(path, &octets, error))
    return false;
  struct assay_bytes secret = secret_in(octets);
  bool pem = key_pem_begins(octets), empty = secret.len == 0;
  if (!pem && !empty)
    take_secret(secret, out);
  octets_free(octets);
  if (pem)
    return error_set(error, "%s: PEM, and no secret: public keys are named with --keys",
                     file_stream_name(path));
  return !empty || error_set(error, "%s: there is nothing in it", file_stream_name(path));
}

bool keyfile_of_json(const json_t *value, struct keyfile *out, struct assay_error *error) {
  bool taken;
  *out = (struct keyfile){0};
  return take_json(value, &taken, out, error);
}

static json_t *set_load(const struct keyfile *keyfile) {
  json_t *set = json_loads(keyfile->jwks, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
  if (json_is_array(json_object_get(set, "keys")))
    return set;
  json_decref(set);
  return NULL;
}

bool keyfile_has_key(const struct keyfile *keyfile, struct assay_error *error) {
  json_t *set = set_load(keyfile);
  bool empty = set && json_array_size(json_object_get(set, "keys")) == 0;
  json_decref(set);
  return !empty || error_set(error, "there is no key in it");
}

void keyfile_fini(struct keyfile *keyfile) {
  if (keyfile->jwks)
    explicit_bzero(keyfile->jwks, strlen(keyfile->jwks));
  free(keyfile->jwks);
  json_decref(keyfile->unnamed);
  *keyfile = (struct keyfile){0};
}

/* ---- together ---- */

bool keyfile_merge(struct keyfile *into, const struct keyfile *other, struct assay_error *error) {
  json_t *set = set_load(into), *more = set_load(other);
  bool ok = set && more;
  if (ok) {
    json_array_extend(json_object_get(set, "keys"), json_object_get(more, "keys"));
    json_array_extend(into->unnamed, other->unnamed);
    free(into->jwks);
    into->jwks = must(json_dumps(set, JSON_COMPACT));
  }
  json_decref(set);
  json_decref(more);
  return ok ||
         error_set(error, "a key set in it is no JWK Set (RFC 7517 5), and cannot go together with others");
}

/* ---- the one key for a token ---- */

/* RFC 7638 3: the hash of the required members, in the order of their names. */
static bool has_thumbprint(const json_t *jwk, const char *kid) {
  static const char *const members[] = {"crv", "e", "k", "kty", "n", "x", "y"};
  json_t *required = must(json_object());
  uint8_t digest[SHA256_DIGEST_SIZE];
  struct sha256_ctx hash;
  OWNED_BYTES struct text text = {0};
  for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
    if (json_object_get(jwk, members[i]))
      json_object_set(required, members[i], json_object_get(jwk, members[i]));
  char *canonical = must(json_dumps(required, JSON_COMPACT | JSON_SORT_KEYS));
  sha256_init(&hash);
  sha256_update(&hash, strlen(canonical), (const uint8_t *)canonical);
  sha256_digest(&hash, sizeof digest, digest);
  text_add_b64url(&text, digest, sizeof digest);
  bool same = bytes_eq_str(bytes_of(text.ptr, text.len), kid);
  free(canonical);
  json_decref(required);
  return same;
}

static bool any_has_kid(const struct keyfile *keyfile, const char *kid) {
  json_t *set = set_load(keyfile);
  json_t *keys = json_object_get(set, "keys"), *jwk;
  bool found = false;
  size_t i;
  json_array_foreach(keys, i, jwk) {
    const char *own = json_string_value(json_object_get(jwk, "kid"));
    found = found || (own && strcmp(own, kid) == 0);
  }
  json_decref(set);
  return found;
}

uint32_t keyfile_jwk_algs(const json_t *jwk) {
  enum jwk_type type = jwk_type_by_name(bytes_str(json_string_value(json_object_get(jwk, "kty"))));
  enum jwk_curve curve = jwk_curve_by_name(bytes_str(json_string_value(json_object_get(jwk, "crv"))));
  bool curved = type == JWK_EC || type == JWK_OKP;
  return curved && curve == CURVE_NONE ? 0 : jose_algs_of_key(type, curved ? curve : CURVE_NONE);
}

static bool key_fits(const json_t *jwk, const char *alg) {
  const char *own = json_string_value(json_object_get(jwk, "alg"));
  enum jose_alg named = jose_alg_by_name(bytes_str(alg));
  return (!own || strcmp(own, alg) == 0) && named != JOSE_ALG_COUNT &&
         keyfile_jwk_algs(jwk) & JOSE_ALG_BIT(named);
}

/* NULL: none is meant, or more than one may be. */
static json_t *key_meant(const json_t *unnamed, const char *kid, const char *alg) {
  json_t *jwk, *found = NULL;
  size_t i, fitting = 0;
  json_array_foreach((json_t *)unnamed, i, jwk) {
    if (has_thumbprint(jwk, kid))
      return jwk;
    if (alg && key_fits(jwk, alg)) {
      found = jwk;
      fitting++;
    }
  }
  return fitting == 1 ? found : NULL;
}

static char *set_with_kid(const struct keyfile *keyfile, const json_t *meant, const char *kid) {
  json_t *set = set_load(keyfile);
  json_t *keys = json_object_get(set, "keys"), *jwk;
  size_t i;
  json_array_foreach(keys, i, jwk) {
    if (!json_equal(jwk, meant))
      continue;
    json_object_set_new(jwk, "kid", must(json_string(kid)));
    break;
  }
  char *text = must(json_dumps(set, JSON_COMPACT));
  json_decref(set);
  return text;
}

char *keyfile_for(const struct keyfile *keyfile, const char *kid, const char *alg) {
  if (json_array_size(keyfile->unnamed) == 0 || !kid || any_has_kid(keyfile, kid))
    return NULL;
  const json_t *meant = key_meant(keyfile->unnamed, kid, alg);
  return meant ? set_with_kid(keyfile, meant, kid) : NULL;
}
