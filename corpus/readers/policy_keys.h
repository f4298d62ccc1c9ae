/* A policy and its key files, read: every way in which a policy comes to assay goes through here, so that a
 * file is taken or refused alike on all of them. */
#ifndef ASSAY_CORPUS_READERS_POLICY_KEYS_H
#define ASSAY_CORPUS_READERS_POLICY_KEYS_H

#include "corpus/readers/keyfile.h"

struct policy_key_set {
  char *iss;
  char *path; /* of the JWK Set, in the folder of the policy below */
  struct keyfile keyfile;
};

struct policy_keys {
  char *policy; /* the text, line by line as it was, whose `keys` name the paths below */
  int64_t now;  /* CORPUS_NOW_UNSET: the real clock */
  struct policy_key_set *sets;
  size_t count;
};

/* Reads a policy and the files that its `keys` name, from its own folder where they are relative. False and a
 * sentence that begins with the policy's path, and line where one is known. */
bool policy_keys_read(const char *path, struct policy_keys *out, struct assay_error *error);
/* Writes policy.yaml and the sets into a folder, readable for their owner alone: keys can be secrets. */
bool policy_keys_write(const struct policy_keys *keys, const char *folder, struct assay_error *error);
void policy_keys_fini(struct policy_keys *keys);

#endif
