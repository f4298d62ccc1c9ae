"""SARIF: a JSON Schema of the parts in use; then every finding."""
import json
import os
import re
import urllib.parse

import common

try:
    import jsonschema
except ImportError:
    common.skip("python3-jsonschema is not installed")

result, path = common.arguments()
equal = common.equal
log = common.strict_json(path)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "sarif.schema.json"), encoding="utf-8") as stream:
    schema = json.load(stream)
kind = jsonschema.validators.validator_for(schema)
kind.check_schema(schema)
for error in kind(schema).iter_errors(log):
    common.fail(f"{list(error.path)}: {error.message}")

run = log["runs"][0]
rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
equal(len(set(rules)), len(rules), "rules")
wrong = [row for row in result["verdicts"] if common.wrong_count(row)]
reasons = [row for row in result["verdicts"] if row.get("wrong_reason", 0) and common.fails(row)]
drifts = [drift for drift in result["drift"] if common.differs(drift)]
void = [name for name, row in common.named_rows(result) if common.is_void(row)]
gates = common.gate_findings(result)
found = run["results"]
equal(len(found), len(wrong) + len(reasons) + len(drifts) + len(void) + len(gates), "results")
for entry in found:
    equal(rules[entry["ruleIndex"]], entry["ruleId"], "rule")
SCORES = {"forgery": "9.5", "wrong audience or time": "8.0", "lenient parsing": "5.5", "form": "2.0"}
taxonomy = {taxon["class"]: taxon for taxon in result.get("taxonomy", [])}
for rule in run["tool"]["driver"]["rules"]:
    kind, _, name = rule["id"].partition("/")
    taxon = taxonomy.get(name, {}) if kind in ("wrong-verdict", "wrong-reason", "drift") else {}
    equal(rule.get("fullDescription", {}).get("text", ""), taxon.get("sentence", ""), f"description of {rule['id']}")
    reference = taxon.get("reference", "")
    common.expect(reference in rule.get("help", {}).get("text", reference), f"{rule['id']} does not tell {reference}")
    named = re.match(r"RFC (\d+)(?: ([\d.]+))?", reference)
    equal(rule.get("helpUri"), named and f"https://www.rfc-editor.org/rfc/rfc{named[1]}" +
          (f"#section-{named[2]}" if named[2] else ""), f"helpUri of {rule['id']}")
    equal(rule.get("properties", {}).get("security-severity"),
          SCORES.get(taxon.get("severity")) if kind == "wrong-verdict" else None, f"severity of {rule['id']}")


def level_of(row):
    """What only accepts bad tokens of the lighter kinds is no error, unless it ends a run."""
    only_accepted = row.get("accepted", 0) and not any(row.get(kind, 0) for kind in common.WRONG[1:])
    light = {"lenient parsing": "warning", "form": "note"}.get(row.get("severity"))
    return light if light and only_accepted and not common.fails(row) else "error"


for entry, row in zip(found[len(wrong):], reasons):
    equal(entry["ruleId"], f"wrong-reason/{row['class']}", "rule")
    for given in row.get("answers", []):
        common.expect(given["kind"] != "wrong_reason" or given["answer"] in entry["message"]["text"],
                      f"{given['answer']} is not told")
for entry, row in zip(found, wrong):
    equal(entry["ruleId"], f"wrong-verdict/{row['class']}", "rule")
    equal(entry["level"], level_of(row), "level")
    equal(entry["properties"], {"tokens": row["tokens"], **{k: n for k, n in common.kinds(row).items()
                                                            if n and k in common.WRONG}}, "tokens")
    place = entry["locations"][0]
    equal(place["logicalLocations"][0]["name"], row["subject"], "subject")
    token = (row.get("examples") or [row["class"]])[0]
    equal(urllib.parse.unquote(place["physicalLocation"]["artifactLocation"]["uri"]), token, "token")
    common.expect(entry["message"]["text"].startswith(row["subject"]), entry["message"]["text"])
for entry, drift in zip(found[len(wrong) + len(reasons):], drifts):
    equal(entry["ruleId"], f"drift/{drift['class']}", "rule")
    for subject, answer in drift["answers"].items():
        text = entry["message"]["text"]
        common.expect(subject in text and answer in text, f"{subject}: {answer} is not in {text}")
for entry, name in zip(found[len(wrong) + len(reasons) + len(drifts):], void):
    common.expect(entry["ruleId"] == "void" and name in entry["message"]["text"], f"{name} is not told")
for entry, (_, finding, words) in zip(found[len(found) - len(gates):], gates):
    equal((entry["ruleId"], entry["level"], entry["message"]["text"]), ("gate", "error", words), "gate")
    equal(urllib.parse.unquote(entry["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]),
          finding["example"] or finding["where"], "token of a gate")
equal(run["invocations"][0]["executionSuccessful"], not result["partial"], "executionSuccessful")
