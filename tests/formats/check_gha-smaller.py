"""github-action-benchmark, customSmallerIsBetter."""
import common
import gha

result, path = common.arguments()
wanted, taken = [], set()
for name, row in common.named_rows(result, taken):
    if common.is_void(row):
        wanted.append((f"{name} void", "rows", 1, None))
        continue
    if row["ns"] is not None:
        wanted.append((name, "ns/" + gha.operation(row), row["ns"], gha.farther(row["ns"], row["ns_low"], row["ns_high"])))
    for which, member in (("p50", "p50_ns"), ("p99", "p99_ns"), ("p99.9", "p999_ns")):
        if row[member] is not None:
            wanted.append((f"{name} {which}", "ns/token", row[member], None))
wanted += gha.verdicts(result, taken, "wrong verdicts", "wrong")
gha.check(wanted + gha.gates(result, taken, "wrong verdicts", lambda gate: gate.get("wrong", 0)), path)
