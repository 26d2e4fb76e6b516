"""The part of Jinja2's language that templates may use, held by an allow-list of node types and by sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import nodes

from app.core.template_filters import FILTERS, STEPS

TESTS = ("defined", "undefined", "none")
MOST_NODES = 2_000
MOST_DEPTH = 40
MOST_LOOPS = 4
"""Loops within loops."""
MOST_CONSTANT = 2_000
"""Characters of a quoted text; the largest number is 10⁹."""

_ALLOWED = frozenset(
    {
        *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For),
        *(nodes.Const, nodes.Name, nodes.List, nodes.Tuple, nodes.Getattr, nodes.Getitem, nodes.CondExpr),
        *(
            nodes.Filter,
            nodes.Keyword,
            nodes.Test,
            nodes.Compare,
            nodes.Operand,
            nodes.And,
            nodes.Or,
            nodes.Not,
            nodes.Neg,
        ),
    }
)
_WORDS: dict[type[nodes.Node], str] = {
    nodes.Call: "calls, as `name()`, are",
    nodes.Assign: "`set` is",
    nodes.AssignBlock: "`set` is",
    nodes.Macro: "`macro` is",
    nodes.CallBlock: "`call` is",
    nodes.FilterBlock: "`filter` blocks are",
    nodes.With: "`with` is",
    nodes.Block: "`block` is",
    nodes.Extends: "`extends` is",
    nodes.Include: "`include` is",
    nodes.Import: "`import` is",
    nodes.FromImport: "`import` is",
    nodes.Scope: "scopes are",
    nodes.ScopedEvalContextModifier: "`autoescape` is",
    nodes.Dict: "keys and values in braces are",
    nodes.Slice: "slices, as `[1:2]`, are",
    nodes.Concat: "`~` is",
}
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")
_SPECIAL = frozenset({"self", "super", "caller", "varargs", "kwargs"})


def refusals(tree: nodes.Template) -> list[str]:
    """A sentence for everything that is not allowed; each sentence once."""
    found: dict[str, None] = {}
    for count, (node, depth, loops) in enumerate(_walk(tree)):
        if count > MOST_NODES or depth > MOST_DEPTH or loops > MOST_LOOPS:
            return [*found, "the template is too large, or nested too deeply"]
        for sentence in _refused(node):
            found[f"line {node.lineno} of the template: {sentence}"] = None
    return list(found)


def wanted(tree: nodes.Template) -> frozenset[str]:
    """The names that must come from outside: all that are read, but those of a loop within it."""
    found: set[str] = set()
    waiting: list[tuple[nodes.Node, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        node, bound = waiting.pop()
        if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in bound:
            found.add(node.name)
        inner = bound.union(_targets(node), ("loop",)) if isinstance(node, nodes.For) else bound
        for name, value in node.iter_fields():
            below = inner if name in {"body", "test"} else bound
            children = value if isinstance(value, list) else [value]
            waiting.extend((child, below) for child in children if isinstance(child, nodes.Node))
    return frozenset(found)


def _targets(loop: nodes.For) -> set[str]:
    return {name.name for name in (loop.target, *loop.target.find_all(nodes.Name)) if isinstance(name, nodes.Name)}


def pay_for_loops(tree: nodes.Template) -> None:
    """Put the filter that counts around what each loop goes over."""
    for loop in tree.find_all(nodes.For):
        weight = nodes.Const(sum(1 for _ in _walk(loop)), lineno=loop.lineno)
        loop.iter = nodes.Filter(loop.iter, STEPS, [weight], [], None, None, lineno=loop.lineno)


def _walk(root: nodes.Node) -> Iterator[tuple[nodes.Node, int, int]]:
    """Every node with its depth and the number of loops around it; without recursion, in the order of the text."""
    waiting = [(root, 0, 0)]
    while waiting:
        node, depth, loops = waiting.pop()
        yield node, depth, loops
        loops += isinstance(node, nodes.For)
        waiting.extend((child, depth + 1, loops) for child in reversed(list(node.iter_child_nodes())))


def _refused(node: nodes.Node) -> Iterator[str]:
    if type(node) not in _ALLOWED:
        words = _WORDS.get(type(node), f"calculating (`{type(node).__name__}`) is")
        yield f"{words} not allowed"
    elif isinstance(node, nodes.Name) and (not _NAME.fullmatch(node.name) or node.name in _SPECIAL):
        yield f"the name `{node.name[:60]}` is not allowed"
    elif isinstance(node, nodes.Getattr) and not _NAME.fullmatch(node.attr):
        yield f"the name `{node.attr[:60]}` is not allowed"
    elif isinstance(node, nodes.Const):
        yield from _constant(node.value)
    elif isinstance(node, nodes.Filter | nodes.Test):
        yield from _named(node)
    elif isinstance(node, nodes.For):
        if node.recursive:
            yield "`recursive` loops are not allowed"
        if "loop" in _targets(node):
            yield "a loop's variable can't be called `loop`"


def _constant(value: object) -> Iterator[str]:
    if isinstance(value, str) and len(value) > MOST_CONSTANT:
        yield f"a quoted text is longer than {MOST_CONSTANT} characters"
    elif isinstance(value, int | float) and abs(value) > 10**9:
        yield "a number is too large"


def _named(node: nodes.Filter | nodes.Test) -> Iterator[str]:
    known = [name for name in FILTERS if name != STEPS] if isinstance(node, nodes.Filter) else TESTS
    kind = "filter" if isinstance(node, nodes.Filter) else "test"
    if node.name not in known:
        yield f"there is no {kind} `{node.name[:60]}`, only {', '.join(known)}"
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        yield "`*` and `**` are not allowed"
