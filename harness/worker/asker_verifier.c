/* Asks a verifier, which gets the policy as JSON and the key sets as texts, and answers by itself. */
#include "harness/worker/asker.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "harness/base/files/file.h"
#include "harness/base/grow.h"
#include "harness/pipeline/policy/policy_json.h"
#include "harness/pipeline/policy/trust.h"

struct asker_subject {
  const struct assay_verifier *verifier;
};

struct asker_setting {
  const struct assay_verifier *verifier;
  struct assay_verifier_state *state;
  int64_t now_s; /* CORPUS_NOW_UNSET: the real clock */
};

struct asking {
  const struct asker_setting *setting;
  int64_t now_s; /* CORPUS_NOW_UNSET: the setting's */
  struct assay_answer last;
};

/* ---- the module ---- */

static bool is_fit(const struct asker_module *module, struct assay_error *error) {
  const struct assay_verifier *verifier = module->contract;
  const struct asker_contract spoken = {"verifier", ASSAY_VERIFIER_ABI, sizeof *verifier};
  if (!asker_contract_fits(module, &spoken, error))
    return false;
  if (!verifier->name || !verifier->facts || !verifier->open || !verifier->close || !verifier->verify)
    return error_set(error, "module %s: a required hook of struct assay_verifier is NULL", module->path);
  return true;
}

static struct asker_subject *load(const struct asker_module *module, struct asker_facts *facts,
                                  struct assay_error *error) {
  const struct assay_verifier *verifier = module->contract;
  char problem[512] = "";
  if (!is_fit(module, error))
    return NULL;
  const struct assay_verifier_facts *told = verifier->facts(module->argument, problem, sizeof problem);
  struct asker_subject *subject = told ? calloc(1, sizeof *subject) : NULL;
  if (!subject) {
    error_set(error, "%s", told ? "no memory for a verifier" : problem);
    return NULL;
  }
  subject->verifier = verifier;
  *facts = (struct asker_facts){.flags = told->is_elsewhere ? ASKER_ELSEWHERE : 0,
                                .name = verifier->name,
                                .summary = verifier->summary,
                                .build = &told->build,
                                .algs = told->algs,
                                .gaps = told->gaps,
                                .gap_count = told->gap_count};
  return subject;
}

static void unload(struct asker_subject *subject) {
  free(subject);
}

/* ---- settings ---- */

/* Texts of a setting while it is opened. Everything in it is owned. */
struct texts {
  char *policy;
  struct assay_setting_keys *keys;
  size_t key_count;
};

static void texts_fini(struct texts *texts) {
  for (size_t i = 0; i < texts->key_count; i++) {
    free((char *)texts->keys[i].iss);
    free((char *)texts->keys[i].jwks);
  }
  free(texts->keys);
  free(texts->policy);
}

static bool keys_add(struct texts *texts, char *iss, char *jwks) {
  struct assay_setting_keys *keys = grown_by_one(texts->keys, texts->key_count, sizeof *keys);
  if (keys)
    texts->keys = keys;
  if (!keys || !iss || !jwks) {
    free(iss);
    free(jwks);
    return false;
  }
  texts->keys[texts->key_count++] = (struct assay_setting_keys){iss, jwks};
  return true;
}

static char *text_copy(struct assay_bytes bytes) {
  return strndup((const char *)bytes.ptr, bytes.len);
}

static bool texts_of_corpus(const struct asker_texts *from, struct texts *texts, struct assay_error *error) {
  uint32_t count;
  struct trust_keys *keys = asker_texts_keys(from, &count);
  bool ok = keys != NULL;
  for (uint32_t i = 0; ok && i < count; i++)
    ok = keys_add(texts, text_copy(keys[i].iss), text_copy(keys[i].jwks));
  free(keys);
  if (!ok)
    return error_set(error, "no memory for the key sets of setting %u", from->number);
  struct assay_bytes policy = corpus_bytes(from->corpus, from->corpus->settings[from->number].policy);
  texts->policy = policy_json(policy, "policy", error);
  return texts->policy != NULL;
}

/* A policy that the user named has its keys in files. */
struct key_files {
  const struct asker_texts *from;
  struct texts *texts;
  struct assay_error *error;
  bool failed;
};

static void key_file(void *arg, const char *iss, const char *path, size_t line) {
  (void)line;
  struct key_files *files = arg;
  char whole[8300], *jwks;
  size_t len;
  bool relative = path[0] != '/';
  snprintf(whole, sizeof whole, "%s%s%s", relative ? files->from->policy_folder : "", relative ? "/" : "",
           path);
  if (files->failed)
    return;
  files->failed = !file_read(whole, &jwks, &len, files->error);
  if (files->failed)
    return;
  files->failed = !keys_add(files->texts, strdup(iss), text_copy(bytes_of(jwks, len)));
  free(jwks);
}

static bool texts_of_file(const struct asker_texts *from, struct texts *texts, struct assay_error *error) {
  struct key_files files = {from, texts, error, false};
  texts->policy = policy_json(from->policy, from->policy_name, error);
  return texts->policy && policy_key_paths(from->policy, from->policy_name, key_file, &files, error) &&
         !files.failed;
}

static int64_t now_of(const char *policy) {
  json_t *object = json_loads(policy, 0, NULL);
  const json_t *now = json_object_get(object, "now");
  int64_t value = json_is_integer(now) ? json_integer_value(now) : CORPUS_NOW_UNSET;
  json_decref(object);
  return value;
}

static bool setting_open(struct asker_setting *setting, const struct texts *texts, uint32_t number,
                         struct assay_error *error) {
  const struct assay_setting given = {texts->policy, texts->keys, texts->key_count};
  setting->now_s = now_of(texts->policy);
  return setting->verifier->open(&given, &setting->state) == ASSAY_MATCH ||
         error_set(error, "%s cannot open setting %u", setting->verifier->name, number);
}

static struct asker_setting *setting_read(struct asker_subject *subject, const struct asker_texts *from,
                                          struct assay_error *error) {
  struct texts texts = {0};
  struct asker_setting *setting = calloc(1, sizeof *setting);
  if (!setting) {
    error_set(error, "no memory for setting %u", from->number);
    return NULL;
  }
  setting->verifier = subject->verifier;
  bool ok = (from->policy.ptr ? texts_of_file(from, &texts, error) : texts_of_corpus(from, &texts, error)) &&
            setting_open(setting, &texts, from->number, error);
  texts_fini(&texts);
  if (ok)
    return setting;
  free(setting);
  return NULL;
}

static void setting_free(struct asker_setting *setting) {
  setting->verifier->close(setting->state);
  free(setting);
}

static struct asking *open_asking(struct asker_setting *setting, struct assay_error *error) {
  struct asking *asking = calloc(1, sizeof *asking);
  if (!asking) {
    error_set(error, "no memory to ask with");
    return NULL;
  }
  asking->setting = setting;
  asking->now_s = CORPUS_NOW_UNSET;
  return asking;
}

static void close_asking(struct asking *asking) {
  free(asking);
}

/* ---- asking ---- */

static enum assay_reason ask_verifier(struct asking *asking, struct assay_bytes token) {
  const struct asker_setting *setting = asking->setting;
  int64_t now_s = asking->now_s != CORPUS_NOW_UNSET ? asking->now_s : setting->now_s;
  asking->last.reason = REASON_FAULT;
  asking->last.words[0] = '\0';
  setting->verifier->verify(setting->state, token, now_s != CORPUS_NOW_UNSET ? now_s : (int64_t)time(NULL),
                            &asking->last);
  return asking->last.reason;
}

static void clock_set(struct asking *asking, int64_t now_s) {
  asking->now_s = now_s;
}

static const char *words(const struct asking *asking) {
  return asking->last.words;
}

const struct asker asker_verifier = {
    .version = ASKER_VERSION,
    .kind = "verifier",
    .symbol = ASSAY_VERIFIER_SYMBOL,
    .load = load,
    .unload = unload,
    .setting_read = setting_read,
    .setting_free = setting_free,
    .open = open_asking,
    .close = close_asking,
    .ask = ask_verifier,
    .clock_set = clock_set,
    .words = words,
};
