"""The rules of the house: who may import whom, one door for each third-party package, nothing heavy at the door."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "checker"
MODULES = sorted(PACKAGE.rglob("*.py"))

# Room -> the rooms and modules of the package that it may import from.
MAY_IMPORT = {
    "documents": {"documents"},
    "calculus": {"calculus"},
    "language": {"language", "documents", "calculus"},
    "judge": {"judge", "calculus", "results"},
    "render": {"render", "results", "tally"},
    "results": set(),
    "tally": {"results"},
    "limits": {"results"},
    "paths": set(),
    "chains": {"calculus", "language", "limits", "results"},
    "layouts": {"language", "chains", "results"},
    "diagnose": {"calculus", "judge", "language", "results"},
    "expressions": {"calculus"},
    "prose": {"documents", "results"},
    "normal_forms": {"calculus", "language", "chains"},
    "explain": {"calculus", "language", "documents", "chains", "check", "limits", "normal_forms", "results"},
    "memory": {"calculus", "language", "chains", "results"},
    "commands": {
        "derivation",
        "check",
        "documents",
        "explain",
        "memory",
        "paths",
        "render",
        "results",
        "tally",
        "watch",
    },
    "watch": {"check", "documents", "language", "limits", "memory", "results"},
    "networks": {"calculus", "language", "judge", "results"},
    "check": {
        "documents",
        "calculus",
        "language",
        "judge",
        "chains",
        "diagnose",
        "layouts",
        "limits",
        "memory",
        "networks",
        "normal_forms",
        "prose",
        "results",
    },
    "workers": {"check", "documents", "limits", "results"},
    "derivation": {"derivation", "calculus", "language", "documents", "check", "limits", "results"},
    "api": {"check", "derivation", "documents", "calculus", "expressions", "paths", "results", "workers"},
    "cli": {"", "commands", "paths", "render", "results", "tally", "workers"},
    "pytest_plugin": {"check", "paths", "render", "results", "tally", "workers"},
    "__main__": {"cli"},
    "": {"api", "results"},  # checker/__init__.py
}
# Third-party package -> where it may be imported.
DOORS = {
    "sympy": (
        "calculus",
        "language",
        "judge",
        "derivation",
        "chains",
        "diagnose",
        "check",
        "expressions",
        "explain",
        "memory",
        "networks",
        "normal_forms",
        "api",
    ),
    "flint": ("judge", "memory"),
    "rich": ("render/terminal",),
    "markdown_it": ("prose",),
    "latex2mathml": ("render/mathml",),
    "pytest": ("pytest_plugin",),
}


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Dotted names of everything imported, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            if node.module == "checker":
                yield from (f"checker.{alias.name}" for alias in node.names)
            else:
                yield node.module or ""


def own(name: str) -> str | None:
    """The room of one of our own modules; ``__version__`` and the like are the package itself."""
    parts = name.split(".")
    if parts[0] != "checker":
        return None
    inside = len(parts) > 1 and ((PACKAGE / parts[1]).is_dir() or (PACKAGE / f"{parts[1]}.py").is_file())
    return parts[1] if inside else ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_go_one_way(path):
    allowed = MAY_IMPORT[room(path)] | {room(path)}
    rooms = {own(name) for name in imports(path)} - {None}
    assert rooms <= allowed, f"{path.relative_to(ROOT)} imports from {sorted(rooms - allowed)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_third_party_package_has_one_door(path):
    inside = path.relative_to(PACKAGE).with_suffix("").as_posix()
    for name in imports(path):
        package = name.split(".")[0]
        if package == "checker" or package in sys.stdlib_module_names:
            continue
        assert package in DOORS, f"{inside} imports {package}, which has no door"
        assert any(inside == door or inside.startswith(f"{door}/") for door in DOORS[package]), (
            f"{inside} imports {package}"
        )


def test_the_rules_name_only_what_is_there():
    assert set(MAY_IMPORT) == {room(path) for path in MODULES}


def loaded_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return {name.split(".")[0] for name in done.stdout.split("\n")[-2].split()}


@pytest.mark.parametrize(
    "code",
    [
        "import checker",
        "import checker.pytest_plugin",
        "from checker.cli import main\ntry: main(['--version'])\nexcept SystemExit: pass",
        "from checker.cli import main\ntry: main(['check', '--help'])\nexcept SystemExit: pass",
        "from checker.cli import main\nmain(['list'])",
    ],
)
def test_nothing_heavy_at_the_door(code):
    assert not loaded_by(code) & {"sympy", "flint", "rich", "numpy"}


def test_the_parent_of_a_run_does_not_import_sympy():
    assert "sympy" not in loaded_by("from checker.cli import main\nmain(['check', '-q', 'README.md'])")


def test_no_text_is_evaluated():
    """No ``eval``, ``exec``, ``sympify`` of text or parser of SymPy's anywhere in the package."""
    forbidden = {"eval", "exec", "parse_expr", "parse_latex", "compile", "__import__"}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in forbidden, f"{path.relative_to(ROOT)}: {node.func.id}"


def reraises(handler: ast.ExceptHandler) -> bool:
    """Tidies up and lets the exception pass."""
    return isinstance(handler.body[-1], ast.Raise) and handler.body[-1].exc is None


def test_no_bare_except_and_one_door_for_all_exceptions():
    broad = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, f"{path.relative_to(ROOT)}:{node.lineno}: bare except"
                if ast.unparse(node.type) in ("Exception", "BaseException") and not reraises(node):
                    broad.append(path.relative_to(ROOT).as_posix())
    assert broad == ["checker/limits.py"]
