/* Pipeline and reference before the same question. */
#include "tests/reference/duel.h"

#include "tests/reference/nettle_check.h"
#include "tests/reference/reference.h"

static struct trust *read_setting(const struct corpus *corpus, const struct corpus_setting *setting,
                                  struct assay_error *error) {
  struct trust_keys *keys = calloc(setting->key_count + 1, sizeof *keys);
  if (!keys)
    abort();
  for (uint32_t i = 0; i < setting->key_count; i++) {
    const struct corpus_key *key = &corpus->keys[setting->first_key + i];
    keys[i] = (struct trust_keys){corpus_bytes(corpus, key->iss), corpus_bytes(corpus, key->jwks)};
  }
  struct trust *trust =
      trust_read(corpus_bytes(corpus, setting->policy), "policy", NULL, keys, setting->key_count, error);
  free(keys);
  return trust;
}

bool duel_open(struct duel *duel, const char *folder, struct assay_error *error) {
  *duel = (struct duel){0};
  if (!corpus_open(&duel->corpus, folder, error))
    return false;
  uint64_t count = duel->corpus.header->setting_count;
  duel->trusts = calloc(count + 1, sizeof(struct trust *));
  if (!duel->trusts)
    abort();
  for (uint64_t i = 0; i < count; i++) {
    duel->trusts[i] = read_setting(&duel->corpus, &duel->corpus.settings[i], error);
    if (!duel->trusts[i]) {
      duel_close(duel);
      return false;
    }
  }
  duel->session = session_open(&nettle_backend, (const struct trust *const *)duel->trusts, count, error);
  if (!duel->session)
    duel_close(duel);
  return duel->session != NULL;
}

void duel_close(struct duel *duel) {
  if (duel->session)
    session_close(duel->session);
  for (uint64_t i = 0; i < duel->corpus.header->setting_count; i++)
    trust_free(duel->trusts[i]);
  free(duel->trusts);
  corpus_close(&duel->corpus);
}

struct duel_question duel_question(const struct duel *duel, uint64_t index) {
  const struct corpus *corpus = &duel->corpus;
  const struct corpus_token *token = &corpus->tokens[index];
  struct duel_question question = {.setting = token->setting,
                                   .now = token->now == CORPUS_NOW_UNSET ? TIME_UNSET : token->now,
                                   .replay = token->after != CORPUS_NONE,
                                   .token = corpus_bytes(corpus, token->token)};
  if (token->after != CORPUS_NONE)
    question.before = corpus_bytes(corpus, corpus->tokens[token->after].token);
  return question;
}

struct duel_answer duel_ask(struct duel *duel, const struct duel_question *question) {
  const struct trust *trust = duel->trusts[question->setting];
  struct reference reference;
  int64_t now = question->now != TIME_UNSET ? question->now : trust->now != TIME_UNSET ? trust->now : 0;
  session_use(duel->session, question->setting);
  session_set_now(duel->session, now);
  session_replay_reset(duel->session);
  session_replay(duel->session, question->replay);
  reference_init(&reference, trust, now, question->replay);
  if (question->before.len) {
    pipeline_verify(duel->session, question->before);
    reference_verify(&reference, question->before);
  }
  struct duel_answer answer = {pipeline_verify(duel->session, question->token),
                               reference_verify(&reference, question->token)};
  reference_fini(&reference);
  return answer;
}
