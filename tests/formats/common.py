"""What the checkers of output formats share: each check_<format>.py RESULT OUTPUT reads the output as its reader
does and compares every figure in it with the result. Exit status 0: they agree; 1: they do not; 77: the reader is
not installed. Names are built here a second time, by the words of reports/content/rows.h."""

import json
import math
import sys

WRONG = ["accepted", "refused", "fault", "crash", "hang"]
VOID = "void: a verdict in the measured loop was wrong"
HIDDEN = [(0, 0x1f), (0x7f, 0x9f), (0xad, 0xad), (0x600, 0x605), (0x61c, 0x61c), (0x180e, 0x180e), (0x200b, 0x200f),
          (0x2028, 0x202e), (0x2060, 0x206f), (0xfeff, 0xfeff), (0xfff9, 0xfffb), (0x1bca0, 0x1bca3),
          (0x1d173, 0x1d17a), (0xe0000, 0xe0fff)]


def fail(message):
    print(message[:2000], file=sys.stderr)
    sys.exit(1)


def skip(message):
    print(message)
    sys.exit(77)


def expect(condition, message):
    if not condition:
        fail(message)


def equal(found, wanted, what):
    expect(found == wanted, f"{what}: {found!r} instead of {wanted!r}")


def close(found, wanted, what, share=1e-5):
    expect(isinstance(found, (int, float)) and math.isfinite(found), f"{what} is {found!r}")
    expect(abs(found - wanted) <= share * abs(wanted), f"{what}: {found} instead of {wanted}")


COUNTERS = ["right", "accepted", "refused", "wrong_reason", "pinned_differs", "unmapped", "undecided", "unsupported",
            "fault", "crash", "hang", "unscored"]


def example_id(folded, variant, alg):
    """The id of an example, whose variant and algorithm an exception leaves open."""
    def part(text):
        if text in ("{alg}", "{variant}"):
            return alg if text == "{alg}" else variant
        return text[1:-1] if len(text) > 3 and text.startswith("{{") and text.endswith("}}") else text
    return "/".join(map(part, folded.split("/")))


def answered(exception, variant, alg):
    """What an exception says of the tokens of one variant and algorithm."""
    row = {member: exception[member] for member in [*COUNTERS, "forbidden"] if member in exception}
    row["tokens"] = exception.get("tokens", sum(exception.get(counter, 0) for counter in COUNTERS))
    row["answers"] = [{**given, "example": example_id(given["example"], variant, alg)}
                      for given in exception.get("answers", [])]
    row["examples"] = [example_id(example, variant, alg) for example in exception.get("examples", [])]
    return row


def class_rows(result, row):
    """The verdict rows that a class row stands for."""
    variants, asked, found = row.get("variants", [""]), row.get("asked", result["asked"]), {}
    for exception in row.get("exceptions", []):
        for variant in exception.get("variants", variants):
            for alg in exception.get("algs", row["tokens"]):
                found[variant, alg, exception["subject"]] = answered(exception, variant, alg)
    for variant in variants:
        for alg, tokens in row["tokens"].items():
            for one in asked:
                said = found.get((variant, alg, one["subject"]), {"tokens": tokens, "right": tokens})
                said["verdict_right"] = sum(said.get(counter, 0) for counter in ("right", "wrong_reason", "unmapped"))
                said["wrong_verdict"] = said.get("accepted", 0) + said.get("refused", 0)
                yield {**one, "class": row["class"], "variant": variant, "stage": row["stage"], "alg": alg,
                       "expected": row["expected"], "pinned": row.get("pinned", False), "severity": row.get("severity", ""), **said}


def arguments():
    """The result with its verdict rows, and the path of the output."""
    with open(sys.argv[1], encoding="utf-8") as stream:
        result = json.load(stream)
    result["verdicts"] = [verdict for row in result["classes"] for verdict in class_rows(result, row)]
    return result, sys.argv[2]


def strict_json(path):
    """JSON as strict readers take it: no NaN, no member twice."""
    def no_constant(name):
        fail(f"{name} is not JSON")

    def members(pairs):
        expect(len(dict(pairs)) == len(pairs), f"a member occurs twice: {[p[0] for p in pairs]}")
        return dict(pairs)
    with open(path, encoding="ascii") as stream:
        return json.load(stream, parse_constant=no_constant, object_pairs_hook=members)


def clean(text):
    """A name as it may be shown: see reports/text/display.h."""
    def shown(c):
        if c in "\n\r\t":
            return " "
        return "?" if any(low <= ord(c) <= high for low, high in HIDDEN) else c
    return "".join(map(shown, text))


def is_floor(subject):
    return subject == "null"


def is_void(row):
    return row["metric"] in ("verify", "batch") and not row["verdicts_ok"] and not is_floor(row["subject"])


def unique(names, taken):
    out = []
    for name in names:
        number, new = 1, name
        while new in taken:
            number += 1
            new = f"{name} ({number})"
        taken.add(new)
        out.append(new)
    return out


def row_name(row):
    name = f"{row['metric']}/{row['subject']}/{row['alg']}"
    if row["key_bits"]:
        name += f"/bits:{row['key_bits']}"
    if row["mode"] not in ("", "diverse"):
        name += f"/{row['mode']}"
    if row["batch"] > 1:
        name += f"/batch:{row['batch']}"
    if row["keys"]:
        name += f"/keys:{row['keys']}"
    if not row["kid"] and row["metric"] == "verify":
        name += "/no-kid"
    if row.get("key_place"):
        name += f"/{row['key_place']}"
    if row["bad_share"]:
        name += f"/bad:{row['bad_share']:.6g}"
    return clean(name + f"/threads:{row['threads'] or 1}")


def named_rows(result, taken=None):
    return list(zip(unique(map(row_name, result["speed"]), set() if taken is None else taken), result["speed"]))


def verdict_names(result, taken):
    """[(name, total)]: the verdicts of each subject and level."""
    totals = sums(result, "level", "subject")
    return list(zip(unique([clean(f"verdicts/{level}/{subject}") for level, subject in totals], taken), totals.values()))


GATE_ANSWERS = ["holds", "too noisy", "incomplete", "slower", "wrong verdicts"]


def gate_answer(gate):
    return gate["answer"] if gate["answer"] in GATE_ANSWERS else "too noisy"


def gate_name(gate):
    parts = ["gate", gate["kind"], gate["subject"], gate["alg"], f"bits:{gate['key_bits']}" if gate["key_bits"] else "",
             gate.get("conditions", ""), gate["measure"]]
    return clean("/".join(part for part in parts if part))


def named_gates(result, taken):
    gates = result.get("gates", [])
    return list(zip(unique(map(gate_name, gates), taken), gates))


def finding_tokens(finding):
    """How many tokens it is of, where that is known."""
    count = finding["tokens"]
    return f", {count} token{'' if count == 1 else 's'}" if count else ""


def gate_findings(result):
    """[(gate, finding, what is told of it)]"""
    return [(gate, finding, f"{finding['where']}{finding_tokens(finding)}: "
             f"base {finding['base']}, head {finding['head']}")
            for gate in result.get("gates", []) for finding in gate.get("findings", [])]


def kinds(row):
    """How many tokens were answered in which way."""
    found = {}
    for kind in ("accepted", "refused", "fault", "crash", "hang", "undecided", "wrong_reason", "unmapped", "pinned_differs", "unsupported",
                 "right"):
        found[kind] = row.get(kind, 0)
    return found


def words_of(verb, count, thing, of):
    """"accepted 2 bad tokens of 8", as sentences have it."""
    return f"{verb} {count:,} {thing}{'' if count == 1 else 's'}" + (f" of {of:,}" if count < of else "")


VERBS = {"accepted": ("accepted", "bad token"), "refused": ("refused", "good token"), "crash": ("crashed on", "token"),
         "hang": ("hung on", "token"), "fault": ("gave a fault on", "token"),
         "wrong_reason": ("gave another reason for", "token")}


def fails(row):
    """Whether the row ends a run in exit code 2."""
    return row["level"] in ("pipeline", "guarded") and not is_floor(row["subject"]) and (
        wrong_count(row) > 0 or row.get("wrong_reason", 0) > 0)


def differs(drift):
    """Whether subjects contradict each other: a refusal without a reason contradicts no other refusal."""
    answers = [answer for subject, answer in drift["answers"].items() if not is_floor(subject)]
    told = set(answers)
    if "reject unmapped" in told and all(answer.startswith("reject ") for answer in told):
        told.discard("reject unmapped")
    return len(told) > 1


def wrong_count(row):
    found = kinds(row)
    return 0 if is_floor(row["subject"]) else sum(found[kind] for kind in WRONG)


def sums(result, *members):
    """Verdict rows added up by members, in the order of the result: {key: {kind: tokens}}."""
    found = {}
    for row in result["verdicts"]:
        if is_floor(row["subject"]):
            continue
        total = found.setdefault(tuple(row[m] for m in members), dict.fromkeys(["tokens", "wrong", "fails", *kinds(row)], 0))
        total["tokens"] += row["tokens"]
        total["wrong"] += wrong_count(row)
        total["fails"] |= fails(row)
        for kind, tokens in kinds(row).items():
            total[kind] += tokens
    return found


def histogram(row):
    """{least value of the slot: samples}; empty where the row has none to show."""
    found = row.get("histogram", {})
    return {} if is_void(row) else {low: n for low, n in zip(found.get("low_ns", []), found.get("counts", [])) if n}
