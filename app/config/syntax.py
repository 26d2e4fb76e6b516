"""What the YAML parser complains about, in words that say what to do."""

from __future__ import annotations

import yaml

_QUOTES = "put the whole value in quotes"


def explain(error: yaml.YAMLError, text: str) -> tuple[tuple[int, int], str, str]:
    """((line, column), message, suggestion); line and column count from 1. `text` is what was parsed."""
    problem = str(getattr(error, "problem", None) or error).replace("\n", " ")[:200]
    mark = getattr(error, "problem_mark", None)
    opened = getattr(error, "context_mark", None)
    here = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    start = (opened.line + 1, opened.column + 1) if opened else here
    at = text[mark.index : mark.index + 1] if mark else ""
    context = str(getattr(error, "context", None) or "")
    return _known(problem, context, at, here, start) or (here, f"this is not YAML: {problem}", "")


def _known(
    problem: str, context: str, at: str, here: tuple[int, int], start: tuple[int, int]
) -> tuple[tuple[int, int], str, str] | None:
    if at == "\t" or "tab character" in problem:
        return here, "a tab can't indent YAML", "use spaces"
    if "mapping values are not allowed" in problem:
        return here, "a `: ` stands where no value can begin", f"{_QUOTES}, or mend the indentation"
    if "cannot start any token" in problem:
        return here, f"a value can't begin with `{at}`", _QUOTES
    if "unexpected end of stream" in problem or "found unexpected document indicator" in problem:
        return start, "this quote is never closed", "add the closing quote"
    if "flow sequence" in context or "flow mapping" in context:
        return (
            start,
            "this bracket is not closed before the text goes on",
            "close it, or put a comma between the values",
        )
    if "block mapping" in context or "block collection" in context:
        return here, "this line does not fit the lines above", "indent it as its neighbours"
    if "could not find expected ':'" in problem:
        return start, "a key without `:`", "write `key: value`"
    return None
