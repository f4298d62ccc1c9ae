"""Reports for people: each verify row's throughput stands in a line with its subject, and nothing in the text
drives a terminal."""
import common


def three(value):
    """As reports/text/figures.h writes a rate: three significant digits and a prefix."""
    value, unit = float(f"{value:.2e}"), 0
    while value >= 1000:
        value, unit = float(f"{value / 1000:.2e}"), unit + 1
    decimals = 0 if value >= 100 else 1 if value >= 10 else 2
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
            rate = three(row["tokens_per_s"])
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
