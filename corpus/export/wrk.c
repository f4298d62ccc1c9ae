/* A script of wrk (LuaJIT). wrk runs it once in every thread; each begins elsewhere in the list, so that
 * threads do not send the same token at the same time. Requests are made before the first is sent. */
#include "corpus/export/shared/export.h"

static const char script[] =
    "-- Sends the tokens of " EXPORT_TOKENS ", which stands beside this file, one after the other.\n"
    "local threads = 0\n"
    "local requests = {}\n"
    "local at\n"
    "\n"
    "local function token_list()\n"
    "  local source = debug.getinfo(1, \"S\").source\n"
    "  return (source:match(\"^@(.*/)\") or \"\") .. \"" EXPORT_TOKENS "\"\n"
    "end\n"
    "\n"
    "-- Called before each thread starts, in a state of its own.\n"
    "function setup(thread)\n"
    "  thread:set(\"first\", threads * 7919)\n"
    "  threads = threads + 1\n"
    "end\n"
    "\n"
    "-- Called in each thread.\n"
    "function init(args)\n"
    "  for token in io.lines(token_list()) do\n"
    "    requests[#requests + 1] = wrk.format(nil, nil, {Authorization = \"Bearer \" .. token})\n"
    "  end\n"
    "  at = first % #requests\n"
    "end\n"
    "\n"
    "function request()\n"
    "  at = at % #requests + 1\n"
    "  return requests[at]\n"
    "end\n";

static void write_wrk(FILE *stream, const struct export_tokens *tokens, const char *url) {
  (void)tokens, (void)url; /* wrk takes the URL on its command line */
  fputs(script, stream);
}

const struct exporter exporter_wrk = {
    .name = "wrk",
    .summary = "wrk.lua, a script, and its " EXPORT_TOKENS,
    .file = "wrk.lua",
    .command = "wrk --threads 2 --connections 32 --duration 30s --latency --script wrk.lua",
    .command_has_url = true,
    .takes_list = true,
    .write = write_wrk,
};
