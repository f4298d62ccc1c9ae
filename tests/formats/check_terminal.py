"""The terminal's report."""
import common
import people

result, path = common.arguments()
people.check(result, path, lambda text: text)
