"""What is wrong with a template."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong, where, and what to do about it; an advice does not stop publishing."""

    field: str
    problem: str
    remedy: str
    is_advice: bool = False
