/* A policy as YAML that people like to read. */
#ifndef ASSAY_CORPUS_MAKE_POLICY_YAML_H
#define ASSAY_CORPUS_MAKE_POLICY_YAML_H

#include <jansson.h>

#include "corpus/make/draft.h"

/* Appends an object as YAML: block style, with short lists and objects of plain values on one line. */
void policy_yaml_add(struct text *out, const json_t *policy);

#endif
