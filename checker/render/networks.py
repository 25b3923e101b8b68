"""The words about a network that every rendering shares: what was put in, and a row for each quantity."""

from __future__ import annotations

from checker.render.runs import runs_of
from checker.results import Network

ROLES = {"input": "input", "parameter": "parameter", "quantity": "", "result": "result"}
COLUMNS = ("quantity", "", "definition", "value", "gradient")


def heading(network: Network) -> str:
    return f"Computation from line {network.line} on"


def caption(network: Network) -> str:
    """What the drawing shows, and at which sizes its numbers were computed."""
    words = [legend(network)] if legend(network) else []
    words += ["On each arrow is the derivative of what it leads to by what it comes from, where that is short."]
    if any(q.value is not None for q in network.quantities):
        words.append(f"The numbers are those of one sample point{point(network)}.")
    result = next((q for q in network.quantities if q.role == "result"), None)
    if result is not None and any(q.gradient is not None for q in network.quantities):
        words.append("∇ is the derivative of the result by a quantity.")
    return " ".join(words)


def legend(network: Network) -> str:
    """Which boxes are which, of those that are there."""
    kinds = {
        "input": "inputs have round corners",
        "parameter": "parameters a dashed frame",
        "result": "the result a bold one",
    }
    said = [text for role, text in kinds.items() if any(q.role == role for q in network.quantities)]
    return f"{', '.join(said).capitalize()}." if len(said) > 1 else ""


def point(network: Network) -> str:
    own = [f"{name} = {value}" for name, value in network.sizes.items() if not name.isdigit()]
    stand_ins = [f"{value} in place of {name}" for name, value in network.sizes.items() if name.isdigit()]
    functions = [f"{spoken(name)}(t) = {body}" for name, body in network.functions.items()]
    said = ", ".join([*own, *stand_ins, *functions])
    return f" ({said})" if said else ""


def spoken(name: str) -> str:
    """A function's name in plain characters."""
    return "".join(run.text for run in runs_of(name))
