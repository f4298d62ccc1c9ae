/* The policies that a worker checks against: setting 0 stays open, of the others one at a time, because a
 * corpus can have thousands. */
#include <stdio.h>
#include <stdlib.h>

#include "harness/worker/worker.h"

struct trust_keys *setting_keys(const struct corpus *corpus, uint32_t number) {
  const struct corpus_setting *setting = &corpus->settings[number];
  struct trust_keys *keys = calloc(setting->key_count + 1, sizeof *keys);
  for (uint32_t i = 0; keys && i < setting->key_count; i++) {
    const struct corpus_key *key = &corpus->keys[setting->first_key + i];
    keys[i] = (struct trust_keys){corpus_bytes(corpus, key->iss), corpus_bytes(corpus, key->jwks)};
  }
  return keys;
}

static struct trust *setting_read(struct worker *worker, uint32_t number, struct assay_error *error) {
  const struct corpus *corpus = &worker->corpus;
  if (number == 0 && worker->policy_text)
    return trust_read(bytes_of(worker->policy_text, worker->policy_len), worker->policy_name,
                      worker->policy_folder, NULL, 0, error);
  const struct corpus_setting *setting = &corpus->settings[number];
  struct trust_keys *keys = setting_keys(corpus, number);
  if (!keys) {
    error_set(error, "no memory for the key sets of setting %u", number);
    return NULL;
  }
  char name[64] = "policy.yaml";
  if (number > 0)
    snprintf(name, sizeof name, "policy of setting %u", number);
  struct trust *trust =
      trust_read(corpus_bytes(corpus, setting->policy), name, NULL, keys, setting->key_count, error);
  free(keys);
  return trust;
}

static struct session *session_of(struct worker *worker, const struct trust *trust,
                                  struct assay_error *error) {
  const struct trust *const trusts[] = {trust};
  return session_open(worker->backend, trusts, 1, error);
}

bool worker_trust(struct worker *worker, struct assay_error *error) {
  worker->trust = setting_read(worker, 0, error);
  return worker->trust != NULL;
}

static void other_close(struct worker *worker) {
  if (worker->other_session)
    session_close(worker->other_session);
  if (worker->other_trust)
    trust_free(worker->other_trust);
  worker->other_session = NULL;
  worker->other_trust = NULL;
  worker->other_setting = CORPUS_NONE;
}

struct session *worker_session(struct worker *worker, uint32_t setting, struct assay_error *error) {
  if (setting == 0) {
    struct lane *lane = &worker->lanes[0];
    if (!lane->session)
      lane->session = session_of(worker, worker->trust, error);
    return lane->session;
  }
  if (worker->other_setting == setting)
    return worker->other_session;
  other_close(worker);
  worker->other_trust = setting_read(worker, setting, error);
  if (!worker->other_trust)
    return NULL;
  worker->other_session = session_open_lazy(worker->backend, worker->other_trust, error);
  if (worker->other_session)
    worker->other_setting = setting;
  else
    other_close(worker);
  return worker->other_session;
}

void worker_trust_close(struct worker *worker) {
  other_close(worker);
  if (worker->lanes[0].session)
    session_close(worker->lanes[0].session);
  if (worker->trust)
    trust_free(worker->trust);
}
