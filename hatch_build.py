"""Compiles `chatroom/live/_send_all.c` where there is a C compiler; without one the package is plain Python and works too."""

import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "chatroom/live/_send_all"


class CompileHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        target = f"{NAME}{sysconfig.get_config_var('EXT_SUFFIX')}"
        if self._compile(Path(self.root), target):
            build_data["artifacts"].append(target)
            build_data["pure_python"] = False
            build_data["infer_tag"] = True

    def _compile(self, root: Path, target: str) -> bool:
        link = shlex.split(sysconfig.get_config_var("LDSHARED") or "cc -shared")
        options = ["-O2", "-fPIC", f"-I{sysconfig.get_path('include')}", f"{NAME}.c", "-o", target]
        try:
            subprocess.run([*link, *options], cwd=root, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            print("No C compiler or no Python headers: sending in plain Python, which is slower.", file=sys.stderr)
            return False
        return True
