/* Which tokens are handed over, and the files that they go into. */
#include "corpus/export/shared/export.h"

#include <stdlib.h>
#include <string.h>

#include "corpus/base/fatal.h"
#include "corpus/base/rng.h"
#include "harness/base/files/file.h"
#include "harness/base/text/counts.h"
#include "harness/base/text/names.h"

static const char *exporter_word(unsigned number) {
  return exporters[number] ? exporters[number]->name : NULL;
}

/* ---- which ---- */

/* What was asked for, read. */
struct choice {
  const struct corpus *corpus;
  uint64_t algs;    /* ASSAY_ALG_BITs */
  bool *of_variant; /* by variant; NULL: the good ones */
  bool has_valid;   /* whether tokens for load are marked; those that somebody brought are of any class */
};

static bool is_of_class(const struct choice *choice, uint32_t variant, const char *class_id) {
  return bytes_eq_str(corpus_bytes(choice->corpus, choice->corpus->variants[variant].class_id), class_id);
}

static bool take_alg(void *arg, const char *name, struct assay_error *error) {
  int alg = word_find("algorithm", name, alg_word, error);
  if (alg >= 0)
    ((struct choice *)arg)->algs |= ASSAY_ALG_BIT(alg);
  return alg >= 0;
}

static bool take_class(void *arg, const char *name, struct assay_error *error) {
  struct choice *choice = arg;
  bool any = false;
  for (uint32_t i = 0; i < choice->corpus->header->variant_count; i++)
    if (is_of_class(choice, i, name))
      any = choice->of_variant[i] = true;
  return any || error_set(error, "%s has no token of a class '%s'; `assay corpus classes` lists them",
                          choice->corpus->folder, name);
}

static bool read_choice(struct choice *choice, const struct export_request *request,
                        struct assay_error *error) {
  const struct corpus *corpus = choice->corpus;
  if (!request->algs)
    choice->algs = ASSAY_ALGS_ALL;
  else if (!names_each(request->algs, take_alg, choice, error))
    return false;
  for (uint32_t i = 0; i < corpus->header->variant_count; i++)
    choice->has_valid = choice->has_valid || is_of_class(choice, i, "valid");
  if (!request->class_ids)
    return true;
  choice->of_variant = must(calloc(corpus->header->variant_count + 1, sizeof *choice->of_variant));
  return names_each(request->class_ids, take_class, choice, error);
}

/* Of tokens that somebody brought mostly nothing is expected: then all count that are not known as bad. */
static bool is_good(const struct choice *choice, const struct corpus_token *token) {
  return choice->has_valid ? token->verdict == EXPECT_ACCEPT && is_of_class(choice, token->variant, "valid")
                           : token->verdict != EXPECT_REJECT;
}

static bool is_wanted(const struct choice *choice, const struct corpus_token *token) {
  bool of_alg = token->alg < ASSAY_ALG_COUNT ? (choice->algs & ASSAY_ALG_BIT(token->alg)) != 0
                                             : choice->algs == ASSAY_ALGS_ALL;
  return of_alg && (choice->of_variant ? choice->of_variant[token->variant] : is_good(choice, token));
}

/* One service trusts one setting, and is sent one token at a time. The characters are those of a compact
 * serialization (RFC 7515 7.1). */
static bool fits_request(const struct corpus *corpus, const struct corpus_token *token) {
  struct assay_bytes text = corpus_bytes(corpus, token->token);
  for (size_t i = 0; i < text.len; i++)
    if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/~", text.ptr[i]) ||
        !text.ptr[i])
      return false;
  return text.len > 0 && token->setting == 0 && token->after == CORPUS_NONE;
}

static void mix(uint32_t *list, size_t count) {
  struct rng rng;
  rng_init(&rng, 0, (const char *const[]){"export", NULL});
  for (size_t i = count; i > 1; i--) {
    size_t other = rng_below(&rng, (uint32_t)i);
    uint32_t moved = list[i - 1];
    list[i - 1] = list[other];
    list[other] = moved;
  }
}

static bool choose_tokens(struct export_tokens *tokens, const struct export_request *request,
                          struct assay_error *error) {
  const struct corpus *corpus = &tokens->corpus;
  struct choice choice = {.corpus = corpus};
  bool ok = read_choice(&choice, request, error);
  tokens->list = must(calloc(corpus->header->token_count + 1, sizeof *tokens->list));
  for (uint32_t i = 0; ok && i < corpus->header->token_count; i++) {
    if (!is_wanted(&choice, &corpus->tokens[i]))
      continue;
    if (fits_request(corpus, &corpus->tokens[i]))
      tokens->list[tokens->count++] = i;
    else
      tokens->left_out++;
  }
  free(choice.of_variant);
  mix(tokens->list, tokens->count);
  return ok && (tokens->count ||
                error_set(error, "%s has no token of those asked for that can be sent", corpus->folder));
}

struct assay_bytes export_token(const struct export_tokens *tokens, size_t index) {
  return corpus_bytes(&tokens->corpus, tokens->corpus.tokens[tokens->list[index]].token);
}

/* ---- the files ---- */

static void write_list(FILE *stream, const struct export_tokens *tokens, const char *url) {
  (void)url;
  for (size_t i = 0; i < tokens->count; i++) {
    struct assay_bytes text = export_token(tokens, i);
    fwrite(text.ptr, 1, text.len, stream);
    fputc('\n', stream);
  }
}

/* Tokens can be somebody's secrets. */
static bool write_file(const struct export_request *request, const struct export_tokens *tokens,
                       const char *name,
                       void (*write)(FILE *stream, const struct export_tokens *tokens, const char *url),
                       struct assay_error *error) {
  char path[4096];
  struct file_writer writer;
  if (snprintf(path, sizeof path, "%s/%s", request->out, name) >= (int)sizeof path)
    return error_set(error, "%s: the name is too long", request->out);
  if (!file_open_private(&writer, path, error))
    return false;
  write(writer.stream, tokens, request->url);
  return file_commit(&writer, error);
}

static void tell(const struct exporter *exporter, const struct export_request *request,
                 const struct export_tokens *tokens) {
  char noun[FIGURE_NOUN_BYTES];
  printf("%s: %s in %s%s\n", request->out, figure_noun(noun, tokens->count, "token"), exporter->file,
         exporter->takes_list ? " and " EXPORT_TOKENS : "");
  if (tokens->left_out)
    printf("left out: %s that no header can hold or whose keys, policy or token before it are their own\n",
           figure_noun(noun, tokens->left_out, "token"));
  printf(exporter->command_has_url ? "run there: %s '%s'\n" : "run there: %s\n", exporter->command,
         request->url);
}

/* A URL stands in scripts and between quotes of a shell. */
static bool is_url(const char *url) {
  bool plain = strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
  for (const char *at = url; *at; at++)
    plain = plain && *at > ' ' && *at <= '~' && !strchr("\"'`\\<>^{|}", *at);
  return plain;
}

static bool write_all(const struct exporter *exporter, const struct export_request *request,
                      const struct export_tokens *tokens, struct assay_error *error) {
  bool ok = file_make_dirs(request->out, error) &&
            (!exporter->takes_list || write_file(request, tokens, EXPORT_TOKENS, write_list, error)) &&
            write_file(request, tokens, exporter->file, exporter->write, error);
  if (ok)
    tell(exporter, request, tokens);
  return ok;
}

bool export_write(const struct export_request *request, struct assay_error *error) {
  struct export_tokens tokens = {.count = 0};
  int format = word_find("format", request->format, exporter_word, error);
  if (format < 0)
    return false;
  if (!is_url(request->url))
    return error_set(error, "--url takes a URL of http or https (RFC 3986), not '%s'", request->url);
  if (!corpus_open(&tokens.corpus, request->corpus, error))
    return false;
  bool ok = choose_tokens(&tokens, request, error) && write_all(exporters[format], request, &tokens, error);
  free(tokens.list);
  corpus_close(&tokens.corpus);
  return ok;
}
