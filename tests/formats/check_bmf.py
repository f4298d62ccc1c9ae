"""Bencher Metric Format, by its documented structure."""
import common

result, path = common.arguments()
root = common.strict_json(path)
wanted, taken = {}, set()
for name, row in common.named_rows(result, taken):
    if common.is_void(row):
        wanted[name] = {"void": {"value": 1}}
        continue
    measures = {}
    for measure, member in (("latency", "ns"), ("p50-latency", "p50_ns"), ("p90-latency", "p90_ns"),
                            ("p99-latency", "p99_ns"), ("p999-latency", "p999_ns"), ("max-latency", "max_ns"),
                            ("throughput", "tokens_per_s"), ("instructions", "instructions")):
        if row[member] is not None:
            measures[measure] = {"value": row[member]}
    for measure, low, high in (("latency", row["ns_low"], row["ns_high"]),
                               ("throughput", row["ns_high"], row["ns_low"])):
        if measure in measures and low and high:
            scale = row["tokens_per_s"] * row["ns"] if measure == "throughput" else None
            measures[measure]["lower_value"] = scale / low if scale else low
            measures[measure]["upper_value"] = scale / high if scale else high
    if measures:
        wanted[name] = measures
for name, total in common.verdict_names(result, taken):
    wanted[name] = {"wrong-verdicts": {"value": total["wrong"]}, "wrong-reasons": {"value": total["wrong_reason"]}}
for name, gate in common.named_gates(result, taken):
    if gate["kind"] == "verdicts":
        wanted[name] = {"wrong-verdicts": {"value": gate.get("wrong", 0)}}
    elif gate["change"] is not None:
        ends = {} if None in (gate["change_low"], gate["change_high"]) else \
            {"lower_value": gate["change_low"], "upper_value": gate["change_high"]}
        wanted[name] = {"slowdown": {"value": gate["change"], **ends}}

common.equal(set(root), set(wanted), "benchmarks")
for name, measures in wanted.items():
    common.equal(set(root[name]), set(measures), f"measures of {name}")
    for measure, values in measures.items():
        common.equal(set(root[name][measure]), set(values), f"{name} {measure}")
        for key, value in values.items():
            common.close(root[name][measure][key], value, f"{name} {measure} {key}", 3e-5)
