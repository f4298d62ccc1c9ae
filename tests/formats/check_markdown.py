"""The report as Markdown."""
import re

import common
import people

result, path = common.arguments()


def escaped(text):
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|~#$])", r"\\\1", text)


people.check(result, path, escaped)
