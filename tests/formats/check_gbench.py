"""Google Benchmark's JSON, read by its own compare.py."""
import os
import subprocess
import sys

import common

TOOLS = "/usr/share/benchmark"
result, path = common.arguments()
sys.path.insert(0, TOOLS)
try:
    from gbench import report, util
except ImportError:
    common.skip("libbenchmark-tools or python3-scipy is not installed")

common.strict_json(path)
equal, close = common.equal, common.close
equal(util.classify_input_file(path), (util.IT_JSON, None), "what compare.py takes the file for")
read = util.sort_benchmark_results(util.load_benchmark_results(path))
found = {}
for entry in report.get_difference_report(read, read, utest=True):
    found[entry["name"]] = entry
wanted = [(name, row) for name, row in common.named_rows(result) if row["ns"]]
names = [name for name, row in wanted] + [f"{name}_median" for name, row in wanted if len(row["samples"]) > 1]
equal(set(found) - {"OVERALL_GEOMEAN"}, set(names), "benchmarks")
for name, row in wanted:
    times = [m["real_time"] for m in found[name]["measurements"]]
    samples = row["samples"] or [row["ns"]]
    equal(len(times), len(samples), f"repetitions of {name}")
    for time, sample in zip(times, samples):
        close(time, sample, name)
    if len(samples) > 1:
        close(found[f"{name}_median"]["measurements"][0]["real_time"], row["ns"], f"median of {name}")
        equal(found[name]["utest"]["have_optimal_repetitions"], len(samples) >= 9, f"U test of {name}")

context, machine = read["context"], result["machine"]
equal(context["host_name"], machine["host"] or "not recorded", "host_name")
equal(context.get("mhz_per_cpu"), None if machine["mhz"] is None else int(machine["mhz"] + 0.5), "mhz_per_cpu")

wrong = {}
for row in result["verdicts"]:
    if common.wrong_count(row):
        wrong[row["subject"], row["alg"]] = wrong.get((row["subject"], row["alg"]), 0) + common.wrong_count(row)
rows = dict(wanted)
for entry in read["benchmarks"]:
    row = rows[entry["run_name"]]
    equal(entry.get("error_occurred", False), common.is_void(row), f"error of {entry['name']}")
    equal("label" in entry, (row["subject"], row["alg"]) in wrong, f"label of {entry['name']}")
    if row["tokens_per_s"]:
        close(entry["items_per_second"] * entry["real_time"], row["tokens_per_s"] * row["ns"], entry["name"], 3e-5)
    aggregate = entry["run_type"] == "aggregate"
    equal(entry.get("iterations"), len(row["samples"]) if aggregate else row.get("block_operations"),
          f"iterations of {entry['name']}")
    equal(entry["threads"], row["threads"] or 1, f"threads of {entry['name']}")
sentences = read["context"]["wrong_verdicts"]
became = [words for _, _, words in common.gate_findings(result)]
equal(sentences[len(sentences) - len(became):], became, "what a gate found")
equal(len(sentences) - len(became), sum(1 for row in result["verdicts"] if common.wrong_count(row)), "wrong verdicts")
for sentence, row in zip(sentences, (row for row in result["verdicts"] if common.wrong_count(row))):
    common.expect(sentence.startswith(row["subject"]) and row["class"] in sentence, sentence)
    for kind in common.WRONG:
        n = common.kinds(row)[kind]
        common.expect(not n or common.words_of(*common.VERBS[kind][:1], n, common.VERBS[kind][1], row["tokens"]) in sentence, sentence)

run = subprocess.run([sys.executable, os.path.join(TOOLS, "compare.py"), "--no-color", "benchmarks", path, path],
                     capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONIOENCODING": "utf-8"})
equal(run.returncode, 0, run.stderr)
for name in names:
    common.expect(name in run.stdout, f"compare.py does not show {name}")
