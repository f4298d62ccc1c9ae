/* The settings that a worker asks under: number 0 stays open, of the others one at a time, because a corpus
 * can have thousands. */
#include <stdlib.h>

#include "harness/pipeline/policy/trust.h"
#include "harness/worker/worker.h"

struct trust_keys *asker_texts_keys(const struct asker_texts *texts, uint32_t *count) {
  const struct corpus *corpus = texts->corpus;
  const struct corpus_setting *setting = &corpus->settings[texts->number];
  struct trust_keys *keys = calloc(setting->key_count + 1, sizeof *keys);
  *count = setting->key_count;
  for (uint32_t i = 0; keys && i < setting->key_count; i++) {
    const struct corpus_key *key = &corpus->keys[setting->first_key + i];
    keys[i] = (struct trust_keys){corpus_bytes(corpus, key->iss), corpus_bytes(corpus, key->jwks)};
  }
  return keys;
}

static void forget(struct worker *worker, struct open_setting *open) {
  if (open->asking)
    worker->asker->close(open->asking);
  if (open->setting)
    worker->asker->setting_free(open->setting);
  *open = (struct open_setting){0};
}

static struct open_setting *setting_open(struct worker *worker, uint32_t number, struct assay_error *error) {
  struct open_setting *open = &worker->settings[number != 0];
  if (open->setting && open->number == number)
    return open;
  forget(worker, open);
  struct asker_texts texts = {.corpus = &worker->corpus, .number = number};
  if (number == 0 && worker->policy_text) {
    texts.policy = bytes_of(worker->policy_text, worker->policy_len);
    texts.policy_name = worker->policy_name;
    texts.policy_folder = worker->policy_folder;
  }
  open->number = number;
  open->setting = worker->asker->setting_read(worker->subject, &texts, error);
  return open->setting ? open : NULL;
}

bool worker_setting_read(struct worker *worker, struct assay_error *error) {
  return setting_open(worker, 0, error) != NULL;
}

struct asking *worker_asking(struct worker *worker, uint32_t number, struct assay_error *error) {
  struct open_setting *open = setting_open(worker, number, error);
  if (open && !open->asking)
    open->asking = worker->asker->open(open->setting, error);
  return open ? open->asking : NULL;
}

void worker_settings_close(struct worker *worker) {
  forget(worker, &worker->settings[1]);
  forget(worker, &worker->settings[0]);
}
