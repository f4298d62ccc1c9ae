"""OpenMetrics, read by python3-prometheus-client."""
import common

try:
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
except ImportError:
    common.skip("python3-prometheus-client is not installed")

result, path = common.arguments()
equal, close, clean = common.equal, common.close, common.clean
with open(path, encoding="utf-8", newline="") as stream:
    text = stream.read()
common.expect(text.endswith("\n# EOF\n"), "the end is not marked")
samples = {}
for family in text_string_to_metric_families(text):
    for sample in family.samples:
        key = frozenset(sample.labels.items())
        series = samples.setdefault(sample.name, {})
        common.expect(key not in series, f"twice: {sample}")
        series[key] = sample.value


def labels(row, metric):
    found = {"subject": clean(row["subject"]), "alg": clean(row["alg"]), "mode": clean(row["mode"]),
             "threads": str(row["threads"] or 1)}
    if metric:
        found["metric"] = clean(row["metric"])
    if row["key_bits"]:
        found["key_bits"] = str(row["key_bits"])
    if row["batch"] > 1:
        found["batch"] = str(row["batch"])
    if row["keys"]:
        found["keys"] = str(row["keys"])
    if not row["kid"]:
        found["kid"] = "false"
    if row.get("key_place"):
        found["key_place"] = clean(row["key_place"])
    if row["bad_share"]:
        found["bad_share"] = f"{row['bad_share']:.6g}"
    return found


def new_key(found, taken, **more):
    number = 1
    while frozenset(found.items()) in taken:
        number += 1
        found["row"] = str(number)
    taken.add(frozenset(found.items()))
    return frozenset({**found, **more}.items())


def check_gauge(name, member, scale):
    taken, wanted = set(), {}
    for row in result["speed"]:
        if row[member] is not None and not common.is_void(row):
            wanted[new_key(labels(row, True), taken)] = row[member] * scale
    series = samples.get(name, {})
    equal(set(series), set(wanted), name)
    for key, value in wanted.items():
        close(series[key], value, f"{name} {dict(key)}")


def check_histograms():
    taken, count = set(), 0
    for row in result["speed"]:
        slots = common.histogram(row)
        if row["metric"] != "verify" or not slots:
            continue
        found = labels(row, False)
        key = dict(new_key(found, taken))
        count += 1
        close(samples["assay_verify_seconds_sum"][frozenset(key.items())], row["histogram"]["sum_ns"] / 1e9, "sum")
        equal(samples["assay_verify_seconds_count"][frozenset(key.items())], sum(slots.values()), f"count of {key}")
        buckets = [(dict(k)["le"], v) for k, v in samples["assay_verify_seconds_bucket"].items()
                   if {n: v for n, v in k if n != "le"} == key]
        common.expect(len(buckets) > 20, f"buckets of {key}")
        for bound, value in buckets:
            limit = float(bound) * 1e9
            equal(value, sum(n for low, n in slots.items() if low <= limit + 1e-6), f"bucket {bound} of {key}")
    equal(len(samples.get("assay_verify_seconds_count", {})), count, "histograms")


def check_verdicts():
    tokens, wrong = {}, {}
    for row in result["verdicts"]:
        if common.is_floor(row["subject"]):
            continue
        whose = {"subject": clean(row["subject"]), "level": clean(row["level"])}
        key = frozenset(whose.items())
        wrong[key] = wrong.get(key, 0) + common.wrong_count(row)
        reason = row["expected"][7:] if row["expected"].startswith("reject ") else ""
        for kind, n in common.kinds(row).items():
            if n:
                key = frozenset({**whose, "verdict": kind, "reason": clean(reason)}.items())
                tokens[key] = tokens.get(key, 0) + n
    equal(samples.get("assay_tokens_total", {}), tokens, "assay_tokens_total")
    equal(samples.get("assay_wrong_verdicts", {}), wrong, "assay_wrong_verdicts")


def gate_labels(gate):
    found = {member: clean(gate[member]) for member in ("kind", "subject", "base", "alg", "measure")}
    if gate["key_bits"]:
        found["key_bits"] = str(gate["key_bits"])
    if gate.get("conditions"):
        found["conditions"] = clean(gate["conditions"])
    return found


def check_gates():
    gates = result.get("gates", [])
    answers, taken = {}, set()
    for gate in gates:
        key = dict(new_key(gate_labels(gate), taken))
        for answer in common.GATE_ANSWERS:
            answers[frozenset({**key, "assay_gate": answer}.items())] = answer == common.gate_answer(gate)
    equal(samples.get("assay_gate", {}), answers, "assay_gate")
    for name, member in (("change", "change"), ("change_low", "change_low"), ("change_high", "change_high"),
                         ("noise", "noise")):
        wanted, taken = {}, set()
        for gate in gates:
            key = new_key(gate_labels(gate), taken)
            if gate[member] is not None:
                wanted[key] = gate[member]
        series = samples.get(f"assay_gate_{name}_ratio", {})
        equal(set(series), set(wanted), name)
        for key, value in wanted.items():
            close(series[key], value, f"{name} {dict(key)}")
    equal(sum(samples.get("assay_gate_wrong_tokens", {}).values()),
          sum(gate.get("wrong", 0) for gate in gates if gate["kind"] == "verdicts"), "tokens that became wrong")


check_gates()
check_gauge("assay_token_seconds", "ns", 1e-9)
check_gauge("assay_tokens_per_second", "tokens_per_s", 1)
check_histograms()
check_verdicts()
equal(len(samples.get("assay_void", {})), sum(map(common.is_void, result["speed"])), "void rows")
equal(samples["assay_partial"][frozenset()], float(result["partial"]), "assay_partial")
equal(len(samples.get("assay_subject_info", {})), len(result["subjects"]), "subjects")
