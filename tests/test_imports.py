"""Imports go one way: core <- log, moderation, hooks <- live <- web."""

import ast
from pathlib import Path

import chatroom

PACKAGE = Path(chatroom.__file__).parent
MAY_IMPORT = {
    "core": {"core"},
    "log": {"core", "log"},
    "hooks": {"core", "hooks"},
    "moderation": {"core", "moderation"},
    "live": {"core", "log", "moderation", "hooks", "live"},
    "web": {"core", "log", "moderation", "hooks", "live", "web"},
}
IMPURE = {"asyncio", "time", "datetime", "random", "secrets", "os", "socket", "logging", "threading", "subprocess", "uuid"}


def imported_modules(path: Path) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            modules |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return modules


def test_each_layer_imports_only_what_is_below_it() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {module}"
        for layer, allowed in MAY_IMPORT.items()
        for path in (PACKAGE / layer).rglob("*.py")
        for module in imported_modules(path)
        if module.startswith("chatroom.") and module.split(".")[1] not in {*allowed, "__version__"}
    ]
    assert not wrong


def test_core_reads_no_clock_draws_no_randomness_and_does_no_input_or_output() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {module}"
        for path in (PACKAGE / "core").rglob("*.py")
        for module in imported_modules(path)
        if module.split(".")[0] in IMPURE
    ]
    assert not wrong
