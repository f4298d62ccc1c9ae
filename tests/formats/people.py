"""Reports for people: each verify row's throughput stands in a line with its subject, and nothing in the text
drives a terminal."""
import math

import common


def reach(row):
    """The share of the time within which it is known, by its interval or else by the launches; None: not known."""
    if row["ns_low"] is not None and row["ns_high"] is not None:
        low, high = row["ns_low"], row["ns_high"]
    elif len(row["samples"]) > 1:
        low, high = min(row["samples"]), max(row["samples"])
    else:
        return None
    return max(high / row["ns"] - 1, 1 - low / row["ns"])


def digits(value, share):
    """As reports/text/figures.h has it: two, or three where the last one is worth more than what is known."""
    return 2 if share is None or 10 ** (math.floor(math.log10(value)) - 1) <= value * share else 3


def rounded(value, count):
    """As reports/text/figures.h writes a rate: two or three significant digits and a prefix."""
    value, unit = float(f"{value:.{count - 1}e}"), 0
    while value >= 1000:
        value, unit = float(f"{value / 1000:.{count - 1}e}"), unit + 1
    decimals = max(0, count - 1 - math.floor(math.log10(value)))
    return f"{value:.{decimals}f}{['', ' k', ' M', ' G'][unit]}"


def check(result, path, plain):
    with open(path, encoding="utf-8", newline="") as stream:
        text = stream.read()
    common.expect(common.clean(text.replace("\n", "")) == text.replace("\n", ""), "a character that is not shown")
    lines = text.split("\n")
    for row in result["speed"]:
        subject = plain(common.clean(row["subject"]))
        if row["metric"] == "verify" and row["tokens_per_s"] and not common.is_void(row) and \
                not common.is_floor(row["subject"]) and len(subject) < 16:
            rate = rounded(row["tokens_per_s"], digits(row["tokens_per_s"], reach(row)))
            common.expect(any(subject in line and rate in line for line in lines),
                          f"no line has {rate} tokens/s for {subject} {row['alg']}")
    for gate in result.get("gates", []):
        if gate["change"] is not None and gate["kind"] != "verdicts":
            change = plain(f"{gate['change'] * 100:+.2f} %")
            common.expect(any(change in line and gate["answer"] in line for line in lines),
                          f"no line has {change} and {gate['answer']}")
    for gate, _, words in common.gate_findings(result)[:5]:
        if gate["kind"] == "verdicts" and len(words) < 60:
            common.expect(plain(common.clean(words)) in text, f"nothing of {words}")
    for row in result["verdicts"]:
        if common.wrong_count(row) and len(row["class"]) < 30:
            common.expect(plain(common.clean(row["class"])) in text, f"nothing of {row['class']}")
