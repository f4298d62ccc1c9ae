"""Raw samples in CSV, read by Python's csv in strict mode."""
import csv

import common

result, path = common.arguments()
equal, clean = common.equal, common.clean
with open(path, encoding="utf-8", newline="") as stream:
    rows = list(csv.DictReader(stream, strict=True))


def cell(value):
    """A text as spreadsheets are given it, so that none is a formula."""
    text = clean(value)
    return ("'" if text[:1] in tuple("=+-@") and text[1:] else "") + text


wanted = [(name, row, launch, ns) for name, row in common.named_rows(result) if not common.is_void(row)
          for launch, ns in enumerate(row["samples"], 1)]
equal(len(rows), len(wanted), "rows")
for found, (name, row, launch, ns) in zip(rows, wanted):
    common.expect(None not in found and None not in found.values(), f"not as many cells as columns: {found}")
    equal((found["version"], found["commit"], found["started"]),
          (cell(result["tool"]["version"]), cell(result["tool"]["commit"]), cell(result["started"])), "run")
    equal(found["name"], cell(name), "name")
    for column in ("metric", "subject", "alg", "mode", "key_place"):
        equal(found[column], cell(row.get(column) or ""), f"{column} of {name}")
    for column in ("key_bits", "threads", "batch", "keys"):
        equal(int(found[column]), row[column], f"{column} of {name}")
    equal(found["kid"], "true" if row["kid"] else "false", f"kid of {name}")
    share = row["bad_share"]
    if share is None:
        equal(found["bad_share"], "", f"bad_share of {name}")
    else:
        common.close(float(found["bad_share"]), share, f"bad_share of {name}")
    equal(int(found["launch"]), launch, f"launch of {name}")
    common.close(float(found["ns"]), ns, f"sample {launch} of {name}")
