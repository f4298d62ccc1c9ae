"""Percentile distributions: as HdrHistogram's plotter splits them, and drawn by gnuplot."""
import os
import shutil
import subprocess
import sys
import tempfile

import common

result, path = common.arguments()
equal, close = common.equal, common.close
with open(path, encoding="utf-8") as stream:
    text = stream.read()


def high(low):
    return low if low < 2048 else low + 2 ** (low.bit_length() - 11) - 1


wanted = [(common.clean(name), row, common.histogram(row)) for name, row in common.named_rows(result)
          if common.histogram(row)]
blocks, comments = [], []
for line in text.split("\n"):
    if line.endswith(", nanoseconds") and line.startswith("# "):
        blocks.append((line[2:-len(", nanoseconds")], [], []))
    elif line.startswith("#["):
        blocks[-1][2].append(line)
    elif line.startswith("#"):
        comments.append(line)
    elif line and not line.lstrip().startswith("Value"):
        blocks[-1][1].append([float(v) for v in line.split()])
equal([b[0] for b in blocks], [w[0] for w in wanted], "histograms")
if not wanted:
    equal(comments, ["# no histograms: no single tokens were timed"], "comments without histograms")
    sys.exit(0)
wrong = sum(1 for row in result["verdicts"] if common.wrong_count(row)) + len(common.gate_findings(result))
equal(sum(c.startswith("# wrong: ") for c in comments), wrong, "wrong verdicts")
equal(sum(c.endswith(common.VOID) for c in comments), sum(map(common.is_void, result["speed"])), "void rows")
for (name, rows, footer), (_, row, slots) in zip(blocks, wanted):
    total, worst = sum(slots.values()), row["histogram"]["max_ns"]
    for cells in rows:
        value, share, count = cells[:3]
        equal(count, sum(n for low, n in slots.items() if low <= value), f"count up to {value} of {name}")
        common.expect(count >= share * total * (1 - 1e-6), f"{name}: {count} samples are not {share}")
        common.expect(value == worst or any(high(low) == value for low in slots), f"{name}: no slot ends in {value}")
        common.expect(share == 1 or abs(cells[3] * (1 - share) - 1) < 0.01 + 1e-6 * cells[3], f"{name}: {cells}")
    equal(rows[-1], [worst, 1.0, total], f"last row of {name}")
    mean = float(footer[0].split("=")[1].split(",")[0])
    close(mean, row["histogram"]["sum_ns"] / total, f"mean of {name}")
    middle = {low: (low + high(low)) / 2 for low in slots}
    spread = (sum((middle[low] - mean) ** 2 * n for low, n in slots.items()) / total) ** 0.5
    close(float(footer[0].split("=")[2].rstrip("] ")), spread, f"deviation of {name}", 1e-4)
    close(float(footer[1].split("=")[1].split(",")[0]), worst, f"max of {name}")

if not shutil.which("gnuplot"):
    common.skip("gnuplot-nox is not installed")
with tempfile.TemporaryDirectory() as folder:
    drawing = os.path.join(folder, "drawing.svg")
    lines = ["set terminal svg", f"set output '{drawing}'", "set logscale x"]
    for index, (name, rows, _) in enumerate(blocks):
        lines.append(f"stats '{path}' index {index} using 1 nooutput")
        lines.append("print STATS_records, STATS_max")
    if blocks:
        lines.append("plot " + ", ".join(f"'{path}' index {i} using 4:1 with lines" for i in range(len(blocks))))
    run = subprocess.run(["gnuplot"], input="\n".join(lines) + "\n", capture_output=True, encoding="utf-8")
    equal(run.returncode, 0, run.stderr)
    common.expect("warning" not in run.stderr, run.stderr)
    numbers = [line.split() for line in run.stderr.splitlines() if line.strip()]
    equal(len(numbers), len(blocks), f"what gnuplot says of each: {run.stderr}")
    for (name, rows, _), (records, largest) in zip(blocks, numbers):
        equal(int(float(records)), len(rows), f"rows of {name} that gnuplot reads")
        close(float(largest), rows[-1][0], f"largest of {name} that gnuplot reads")
    with open(drawing, encoding="utf-8") as stream:
        common.expect(not blocks or stream.read().count("<path") >= len(blocks), "gnuplot draws nothing")
