"""JUnit XML: xmllint and a schema of what CI servers read; then every case."""
import os
import shutil
import subprocess
import xml.etree.ElementTree as ET

import common

result, path = common.arguments()
equal, clean = common.equal, common.clean
if not shutil.which("xmllint"):
    common.skip("libxml2-utils is not installed")
schema = os.path.join(os.path.dirname(os.path.abspath(__file__)), "junit.xsd")
run = subprocess.run(["xmllint", "--noout", "--schema", schema, path], capture_output=True, encoding="utf-8")
equal(run.returncode, 0, run.stderr)


def outcome(total):
    if total["fault"] or total["crash"] or total["hang"]:
        return "error"
    if total["wrong"] or total["fails"]:
        return "failure"
    return "skipped" if total["tokens"] and total["unsupported"] == total["tokens"] else "passed"


def outcome_of(case):
    found = [child.tag for child in case if child.tag != "system-out"]
    return found[0] if found else "passed"


def check_counts(element, outcomes):
    for attribute, name in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        equal(int(element.get(attribute)), outcomes.count(name), f"{attribute} of {element.get('name')}")
    equal(int(element.get("tests")), len(outcomes), f"tests of {element.get('name')}")


classes = common.sums(result, "level", "subject", "stage", "class")
wanted = {}


def first_part(level, subject, stage, name):
    """The stage that refuses; where none has to, what is right."""
    expected = next(row["expected"] for row in result["verdicts"]
                    if (row["level"], row["subject"], row["stage"], row["class"]) == (level, subject, stage, name))
    return {"accept": "good tokens", "any": "any answer"}.get(expected, "any stage") if stage == "-" else stage


for (level, subject, stage, name), total in classes.items():
    wanted.setdefault(f"{level}/{subject}", []).append((clean(f"{level}.{subject}"), clean(f"{first_part(level, subject, stage, name)}/{name}"), total))
root = ET.parse(path).getroot()
suites = root.findall("testsuite")
everything = []
for suite, cases in zip(suites, wanted.values()):
    outcomes = [outcome(total) for _, _, total in cases]
    everything += outcomes
    check_counts(suite, outcomes)
    equal([(c.get("classname"), c.get("name"), outcome_of(c)) for c in suite],
          [(group, name, o) for (group, name, _), o in zip(cases, outcomes)], suite.get("name"))
    for case, (_, name, total) in zip(suite, cases):
        for kind, (verb, thing) in common.VERBS.items():
            if total[kind] and (kind != "wrong_reason" or total["fails"]):
                words = common.words_of(verb, total[kind], thing, total["tokens"])
                common.expect(words in case[0].get("message"), f"{name}: {case[0].get('message')} without {words}")
        other = (0 if total["fails"] else total["wrong_reason"]) + total["undecided"] + total["unmapped"] + total["pinned_differs"]
        common.expect(not other or case.find("system-out") is not None, f"{name} says nothing of other answers")

taken = set()
rows = common.named_rows(result, taken)
gates = common.named_gates(result, taken)
if gates:
    states = {"holds": "passed", "too noisy": "error", "incomplete": "error", "slower": "failure", "wrong verdicts": "failure"}
    outcomes = [states[common.gate_answer(gate)] for _, gate in gates]
    suite = suites.pop()
    equal(suite.get("name"), "gate", "the last suite")
    check_counts(suite, outcomes)
    equal([(c.get("name"), outcome_of(c)) for c in suite], list(zip([name for name, _ in gates], outcomes)), "gates")
    for case, (name, gate), state in zip(suite, gates, outcomes):
        if state == "passed":
            equal(case.findtext("system-out"), clean(gate["reason"]), f"reason of {name}")
            continue
        equal(case[0].get("message"), clean(gate["reason"]), f"reason of {name}")
        told = "".join(case[0].itertext())
        for _, finding, words in common.gate_findings({"gates": [gate]}):
            common.expect(clean(words) in told and clean(finding["example"]) in told, f"{name} does not tell {words}")
    everything += outcomes
equal([s.get("name") for s in suites[:-1]], list(map(clean, wanted)), "suites")
measured = [(clean(name), "failure" if common.is_void(row) else "passed") for name, row in rows
            if row["metric"] in ("verify", "batch") and row["ns"] and not common.is_floor(row["subject"])]
equal([(c.get("name"), outcome_of(c)) for c in suites[-1]], measured, "measured")
check_counts(suites[-1], [o for _, o in measured])
check_counts(root, everything + [o for _, o in measured])
