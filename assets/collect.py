"""Copy the few browser files we serve out of node_modules, and keep their fingerprints.

`python assets/collect.py` fills secretariat/core/static/vendor/ and refuses if any file differs
from assets/vendor.sha256; `--lock` rewrites that list after a wanted change of version.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "secretariat/core/static/vendor"
LOCK = ROOT / "assets/vendor.sha256"

FILES = {
    "event-calendar.min.js": "@event-calendar/build/dist/event-calendar.min.js",
    "event-calendar.min.css": "@event-calendar/build/dist/event-calendar.min.css",
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler-icons.min.css": "@tabler/icons-webfont/dist/tabler-icons.min.css",
    "fonts/tabler-icons.woff2": "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2",
    "inter.css": "@fontsource-variable/inter/index.css",
    "files/inter-latin-wght-normal.woff2": (
        "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"
    ),
    "files/inter-latin-ext-wght-normal.woff2": (
        "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2"
    ),
}


def tidied(name: str, text: str) -> str:
    """The text without what would ask for a file that is not copied (source maps, other fonts)."""
    text = re.sub(r"\s*/\*# sourceMappingURL=[^*]*\*/|\s*//# sourceMappingURL=\S*", "", text)
    if name == "tabler-icons.min.css":
        text = re.sub(r',url\("[^"]*\.(?:woff|ttf)\?[^"]*"\) format\("[^"]*"\)', "", text)
    if name == "inter.css":
        faces = re.findall(r"/\* inter-latin[\w-]* \*/\s*@font-face \{.*?\n\}", text, re.S)
        text = "\n".join(faces)
    return text.rstrip("\n") + "\n"


def collect() -> dict[str, str]:
    """Copy each file afresh and return {name: sha256 in hexadecimal}."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    sums = {}
    for name, source in FILES.items():
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        data = (MODULES / source).read_bytes()
        if name.endswith((".css", ".js")):
            data = tidied(name, data.decode()).encode()
        target.write_bytes(data)
        sums[name] = hashlib.sha256(data).hexdigest()
    return sums


def listed() -> dict[str, str]:
    """The committed list, in the format of sha256sum."""
    pairs = (line.split() for line in LOCK.read_text().splitlines())
    return {name: digest for digest, name in pairs}


def main(arguments: list[str]) -> int:
    """Collect, then lock or compare. Returns the exit code."""
    sums = collect()
    if "--lock" in arguments:
        LOCK.write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())))
    if sums != listed():
        wrong = sorted(name for name in sums if listed().get(name) != sums[name])
        print(f"Fichiers différents de {LOCK.name} : {', '.join(wrong)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
