/* Asks a backend: our own pipeline stands around it. */
#include "harness/worker/asker_backend.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness/base/text/names.h"

/* ---- the module ---- */

static bool is_fit(const struct asker_module *module, const struct assay_backend *backend,
                   struct assay_error *error) {
  const struct asker_contract spoken = {"backend", ASSAY_BACKEND_ABI, sizeof *backend};
  struct asker_module part = *module;
  part.contract = backend;
  if (!asker_contract_fits(&part, &spoken, error))
    return false;
  if (!backend->name || !backend->build || !backend->ctx_open || !backend->ctx_close || !backend->key_open ||
      !backend->key_close || !backend->verify)
    return error_set(error, "module %s: a required hook of struct assay_backend is NULL", module->path);
  return true;
}

static const struct assay_backend *variant_find(const struct asker_module *module,
                                                const struct assay_backend *backend,
                                                struct assay_error *error) {
  if (module->argument[0] == '\0')
    return backend;
  const char *names[64];
  char all[512];
  size_t count = 0;
  for (const struct assay_backend *const *v = backend->variants; v && *v; v++) {
    if (strcmp((*v)->name, module->argument) == 0)
      return is_fit(module, *v, error) ? *v : NULL;
    if (count < sizeof names / sizeof names[0])
      names[count++] = (*v)->name;
  }
  names_fit(all, sizeof all, names, count);
  error_set(error, "%s has no variant '%s'; it has: %s", backend->name, module->argument,
            all[0] ? all : "none");
  return NULL;
}

static void facts_fill(const struct assay_backend *backend, struct asker_facts *facts) {
  *facts = (struct asker_facts){.flags = ASKER_THREADS | ASKER_PRIMITIVE,
                                .name = backend->name,
                                .summary = backend->summary,
                                .build = backend->build(),
                                .algs = backend->algs,
                                .variants = backend->variants};
  if (backend->verify_batch)
    facts->flags |= ASKER_BATCH;
  if (strcmp(backend->name, ASSAY_VARIANT_SHARED_KEYS) == 0)
    facts->flags |= ASKER_SHARES_KEYS;
}

static struct asker_subject *load(const struct asker_module *module, struct asker_facts *facts,
                                  struct assay_error *error) {
  const struct assay_backend *backend = module->contract;
  if (!is_fit(module, backend, error) || !(backend = variant_find(module, backend, error)))
    return NULL;
  facts_fill(backend, facts);
  if (facts->build->problem) {
    error_set(error, "module %s: %s", module->path, facts->build->problem);
    return NULL;
  }
  struct asker_subject *subject = calloc(1, sizeof *subject);
  if (!subject) {
    error_set(error, "no memory for a backend");
    return NULL;
  }
  subject->backend = backend;
  return subject;
}

static void unload(struct asker_subject *subject) {
  prepared_free(&subject->prepared);
  free(subject);
}

/* ---- settings ---- */

static struct trust *trust_of(const struct asker_texts *texts, struct assay_error *error) {
  if (texts->policy.ptr)
    return trust_read(texts->policy, texts->policy_name, texts->policy_folder, NULL, 0, error);
  uint32_t count;
  struct trust_keys *keys = asker_texts_keys(texts, &count);
  char name[64] = "policy.yaml";
  if (!keys) {
    error_set(error, "no memory for the key sets of setting %u", texts->number);
    return NULL;
  }
  if (texts->number > 0)
    snprintf(name, sizeof name, "policy of setting %u", texts->number);
  struct assay_bytes policy = corpus_bytes(texts->corpus, texts->corpus->settings[texts->number].policy);
  struct trust *trust = trust_read(policy, name, NULL, keys, count, error);
  free(keys);
  return trust;
}

static void setting_free(struct asker_setting *setting) {
  trust_current_close(setting->trusted);
  free(setting);
}

static struct asker_setting *setting_read(struct asker_subject *subject, const struct asker_texts *texts,
                                          struct assay_error *error) {
  struct asker_setting *setting = calloc(1, sizeof *setting);
  if (!setting) {
    error_set(error, "no memory for setting %u", texts->number);
    return NULL;
  }
  struct trust *trust = trust_of(texts, error);
  *setting = (struct asker_setting){subject, trust ? trust_current_open(trust, trust_free) : NULL,
                                    texts->number == 0};
  if (setting->trusted)
    return setting;
  if (trust) {
    error_set(error, "no memory for setting %u", texts->number);
    trust_free(trust);
  }
  free(setting);
  return NULL;
}

static void close_asking(struct asking *asking) {
  session_close(asking->session);
  free(asking);
}

/* Of a setting for few tokens, keys are imported as tokens select them. */
static struct asking *open_asking(struct asker_setting *setting, struct assay_error *error) {
  const struct assay_backend *backend = setting->subject->backend;
  struct asking *asking = calloc(1, sizeof *asking);
  if (!asking) {
    error_set(error, "no memory for a session");
    return NULL;
  }
  asking->session = session_open_current(backend, setting->trusted, !setting->is_default, error);
  if (asking->session)
    return asking;
  free(asking);
  return NULL;
}

/* ---- asking ---- */

static enum assay_reason ask_backend(struct asking *asking, struct assay_bytes token) {
  return pipeline_verify(asking->session, token);
}

static void clock_set(struct asking *asking, int64_t now_s) {
  session_set_now(asking->session, now_s == CORPUS_NOW_UNSET ? TIME_UNSET : now_s);
}

static void remember(struct asking *asking, bool on) {
  session_replay(asking->session, on);
  session_replay_reset(asking->session);
}

static size_t scratch_bytes(const struct asking *asking) {
  return session_arena_high_water(asking->session);
}

const struct asker asker_backend = {
    .version = ASKER_VERSION,
    .kind = "backend",
    .symbol = ASSAY_BACKEND_SYMBOL,
    .load = load,
    .unload = unload,
    .setting_read = setting_read,
    .setting_free = setting_free,
    .open = open_asking,
    .close = close_asking,
    .ask = ask_backend,
    .clock_set = clock_set,
    .remember = remember,
    .scratch_bytes = scratch_bytes,
    .part = backend_part,
    .vectors = backend_vectors,
};
