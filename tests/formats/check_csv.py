"""CSV, read by Python's csv in strict mode."""
import csv

import common

result, path = common.arguments()
with open(path, encoding="utf-8", newline="") as stream:
    rows = list(csv.DictReader(stream, strict=True))
for row in rows:
    common.expect(None not in row and None not in row.values(), f"not as many cells as columns: {row}")


def same(cell, value, what):
    if isinstance(value, bool):
        common.equal(cell, "true" if value else "false", what)
    elif value is None:
        common.equal(cell, "", what)
    elif isinstance(value, str):
        text = common.clean(value)
        common.equal(cell, ("'" if text[:1] in tuple("=+-@") and text[1:] else "") + text, what)
    else:
        common.expect(cell != "", f"{what} is empty instead of {value}")
        common.close(float(cell), value, what)


def check(metric, records, skipped=()):
    found = [row for row in rows if row["metric"] == metric] if metric else rows[:len(records)]
    common.equal(len(found), len(records), f"rows of {metric}")
    for row, record in zip(found, records):
        for member, value in record.items():
            if isinstance(value, (str, int, float, type(None))) and member not in skipped:
                common.expect(member in row, f"no column {member}")
                same(row[member], value, f"{record['subject']} {member}")


figures = [key for key, value in (result["speed"] or [{}])[0].items() if key == "ns" or key.endswith("_ns")]
figures += ["ns_low", "ns_high", "tokens_per_s", "of_primitive", "ratio", "ratio_low", "ratio_high", "instructions"]
def rate(row):
    """Key imports and contexts are no tokens."""
    other = row["metric"] in ("key_import", "context")
    return {"tokens_per_s": None if other else row["tokens_per_s"], "operations_per_s": row["tokens_per_s"] if other else None}


check(None, [{**row, **rate(row), **(dict.fromkeys(figures) if common.is_void(row) else {})} for row in result["speed"]])
for row in rows:
    for column, value in (("version", result["tool"]["version"]), ("commit", result["tool"]["commit"]), ("started", result["started"])):
        same(row[column], value, column)
for row, record in zip(rows, result["speed"]):
    why = "; ".join(f"{field}: {why}" for field, why in record["missing"].items())
    same(row["missing"], common.VOID if common.is_void(record) else why, "missing")
check("scaling", result["scaling"])
check("memory", result["memory"])
check("rejection", result.get("rejection_cost", []))
check("stage", [{"subject": ledger["subject"], "alg": ledger["alg"], "stage": stage, "ns": ns}
                for ledger in result.get("ledger", []) for stage, ns in ledger["stages"].items()])
check("gate", result.get("gates", []))
check("gate finding", [{"subject": gate["subject"], "tokens": finding["tokens"], "reason": words,
                        "example": finding["example"]} for gate, finding, words in common.gate_findings(result)])

counters = ["tokens", "verdict_right", "right", "accepted", "refused", "wrong_verdict", "wrong_reason", "pinned_differs", "unmapped", "undecided",
            "unsupported", "fault", "crash", "hang"]
totals = {}
for row in result["verdicts"]:
    if not common.is_floor(row["subject"]):
        key = row["level"], row["subject"], row["alg"]
        total = totals.setdefault(key, dict(zip(["level", "subject", "alg"], key), **dict.fromkeys(counters, 0)))
        for counter in counters:
            total[counter] += row.get(counter, 0)
check("verdicts", list(totals.values()))
check("finding", [{**dict.fromkeys(counters, 0), **row,
                   "answered": "; ".join(f"{given['answer']}: {given['tokens']} token"
                                         f"{'' if given['tokens'] == 1 else 's'}, e.g. {given['example']}"
                                         for given in row.get("answers", [])),
                   "example": (row.get("examples") or [""])[0]}
                  for row in result["verdicts"] if common.wrong_count(row) or
                  (row.get("wrong_reason", 0) and not common.is_floor(row["subject"]))])
