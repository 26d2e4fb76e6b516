"""How far a block quote reaches: a rule for markdown-it that doesn't look into quotes.

markdown-it's own rule reads on to the end of the text for lazy lines at every level of every quote: 64 kB of `> > >` and
text take it 39 s. Nothing in a quote is a command, so only the end matters. Where it can't be seen without looking inside
(the quote ends with code or a heading, and text follows without an empty line) the text counts as quoted.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock


def opaque_quotes(parser: MarkdownIt) -> MarkdownIt:
    """`parser` with the rule in place of its own."""
    parser.block.ruler.at("blockquote", _quote, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    return parser


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start) or not _marked(state, start):
        return False
    if not silent:
        state.line = _end(state, start, end)
    return True


def _end(state: StateBlock, start: int, end: int) -> int:
    """Index of the first line behind the quote that begins at `start`."""
    open_paragraph = True
    for line in range(start, end):
        if state.isEmpty(line):
            return line
        if _marked(state, line) and state.sCount[line] >= state.blkIndent and not state.is_code_block(line):
            open_paragraph = bool(state.src[state.bMarks[line] : state.eMarks[line]].strip("> \t"))
        elif not open_paragraph or _interrupted(state, line, end):
            return line
    return end


def _marked(state: StateBlock, line: int) -> bool:
    return state.src.startswith(">", state.bMarks[line] + state.tShift[line])


def _interrupted(state: StateBlock, line: int, end: int) -> bool:
    """Whether something other than text begins at `line`."""
    return any(rule(state, line, end, True) for rule in state.md.block.ruler.getRules("blockquote"))
