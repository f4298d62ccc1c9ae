"""Subjects side by side as Markdown: each rate stands in a line with its algorithm, each subject in the table of what
was measured, and nothing in the text drives a terminal."""
import re

import common
import people

result, path = common.arguments()
with open(path, encoding="utf-8", newline="") as stream:
    text = stream.read()
common.expect(common.clean(text.replace("\n", "")) == text.replace("\n", ""), "a character that is not shown")
lines = text.split("\n")


def escaped(words):
    words = common.clean(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|~#$])", r"\\\1", words)


def is_main(row):
    return row["metric"] == "verify" and row["threads"] <= 1 and row["mode"] in ("", "diverse") and \
        not row["bad_share"] and row["tokens_per_s"] and row["verdicts_ok"] and not row.get("key_place")


seen = set()
for row in result["speed"]:
    cell = (row["subject"], row["alg"], row["key_bits"])
    if is_main(row) and not common.is_void(row) and not common.is_floor(row["subject"]) and cell not in seen:
        seen.add(cell)  # the first that was filed is the plain one
        rate = people.rounded(row["tokens_per_s"], people.digits(row["tokens_per_s"], people.reach(row)))
        common.expect(any(line.startswith(f"| {escaped(row['alg'])}") and rate in line for line in lines),
                      f"no line has {rate} tokens/s for {row['subject']} {row['alg']}")
for subject in result["subjects"]:
    if not common.is_floor(subject["name"]):
        common.expect(any(line.startswith(f"| {escaped(subject['name'])} |") for line in lines),
                      f"no line says what {subject['name']} is")
