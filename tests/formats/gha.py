"""What both formats of github-action-benchmark have in common."""
import common


def check(wanted, path):
    """wanted: (name, unit, value, farther end of the interval or None)."""
    entries = common.strict_json(path)
    common.equal([entry["name"] for entry in entries], [entry[0] for entry in wanted], "names")
    for entry, (name, unit, value, farther) in zip(entries, wanted):
        common.expect(set(entry) <= {"name", "unit", "value", "range", "extra"}, f"members of {name}: {set(entry)}")
        common.equal(entry["unit"], unit, f"unit of {name}")
        common.close(entry["value"], value, name)
        common.equal("range" in entry, farther is not None, f"range of {name}")
        if farther is not None:
            common.expect(entry["range"].startswith("+- "), entry["range"])
            common.close(float(entry["range"][3:]), abs(farther - value), f"range of {name}", 1e-3)


def operation(row):
    """What the figures of a row are of."""
    return {"key_import": "key import", "context": "context"}.get(row["metric"], "token")


def verdicts(result, taken, unit, member):
    return [(name, unit, total[member], None) for name, total in common.verdict_names(result, taken)]


def gates(result, taken, unit, value):
    named = [(name, gate) for name, gate in common.named_gates(dict(result, gates=[
        gate for gate in result.get("gates", []) if gate["kind"] == "verdicts"]), taken)]
    return [(name, unit, value(gate), None) for name, gate in named]


def farther(value, low, high):
    if not value or not low or not high:
        return None
    return high if high - value > value - low else low
