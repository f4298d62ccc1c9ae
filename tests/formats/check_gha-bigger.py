"""github-action-benchmark, customBiggerIsBetter."""
import common
import gha

result, path = common.arguments()
wanted, taken = [], set()
for name, row in common.named_rows(result, taken):
    rate = row["tokens_per_s"]
    if common.is_void(row):
        wanted.append((name, gha.operation(row) + "s/s", 0, None))
    elif rate is not None:
        low, high = ((rate * row["ns"] / end if end else None) for end in (row["ns_high"], row["ns_low"]))
        wanted.append((name, gha.operation(row) + "s/s", rate, gha.farther(rate, low, high)))
wanted += gha.verdicts(result, taken, "right verdicts", "right")
gha.check(wanted + gha.gates(result, taken, "kept verdicts",
                             lambda gate: max(0, gate.get("tokens", 0) - gate.get("wrong", 0))), path)
