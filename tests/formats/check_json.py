"""The result file itself: written twice, it is the same."""
import common

result, path = common.arguments()
common.equal(common.strict_json(path), result, "the result")
