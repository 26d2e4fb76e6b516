"""What one rendering may cost: steps of loops and units of work, counted down."""

from __future__ import annotations

from app.errors import Mistake

BUDGET = "<budget>"
"""Where a rendering keeps its Budget: no template can write this name."""
MOST_STEPS = 1_000
MOST_WORK = 50_000
"""About one unit an evaluated node within loops, one a filter, one a hundred characters that a filter reads or makes."""


class TemplateMistake(Mistake):
    """A template that can't be read, is not allowed, or can't be filled in."""


class Budget:
    """Counts down; raises TemplateMistake when nothing is left."""

    def __init__(self, steps: int = MOST_STEPS, work: int = MOST_WORK) -> None:
        self._steps = steps
        self._work = work

    def loop(self, steps: int, weight: int) -> None:
        """Pay for a loop of `steps` rounds before it begins; `weight`: nodes in its body."""
        self._steps -= steps
        if self._steps < 0:
            raise TemplateMistake(f"The template takes more than {MOST_STEPS} loop steps: loop over less.")
        self.spend(steps * weight)

    def spend(self, work: int) -> None:
        self._work -= work
        if self._work < 0:
            raise TemplateMistake("The template does too much work: loop over less, or use fewer filters.")
