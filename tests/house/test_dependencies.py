"""What others wrote and we run: recent enough, exactly what was locked, and free enough."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import metadata

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house import tree

LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt")
PINNED = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$", re.M)
FREE = re.compile(
    r"\b(?:MIT|MIT-0|ISC|0BSD|BSD|Apache|PSF|PSFL|Python Software Foundation|MPL|Mozilla|LGPL"
    r"|GNU Lesser|AGPL|GPL-3|GPLv3|OFL|CC0|Unlicense|Zlib|HPND|BSL-1)",
    re.IGNORECASE,
)
"""Licences that may be combined with AGPL-3.0-or-later in one program.

MPL-2.0 and LGPL say so themselves; Apache-2.0 is compatible with version 3 of the GPL family
(https://www.gnu.org/licenses/license-list.html). GPL-2.0-only, SSPL, BUSL, CC-BY-NC are not.
"""


TOLD_IN_A_FILE = {"node_modules/@tabler/icons-webfont": "MIT"}
"""Browser packages whose licence stands in their LICENSE file only."""


def locked(name: str) -> dict[str, str]:
    """Package → version of a lock file, for the machine that runs the tests."""
    text = (tree.ROOT / name).read_text(encoding="utf-8")
    return {
        canonicalize_name(found[1]): found[2]
        for found in PINNED.finditer(text)
        if not found[3] or Marker(found[3].strip()).evaluate()
    }


@cache
def runtime() -> dict[str, metadata.Distribution]:
    """What the product runs with, as installed."""
    return {name: metadata.distribution(name) for name in locked("requirements.txt")}


def floor() -> list[Requirement]:
    lines = (tree.ROOT / "tests/house/security-floor.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(said) for line in lines if (said := line.split("#")[0].strip())]


def test_no_package_is_older_than_its_last_fix() -> None:
    installed = {canonicalize_name(d.name): Version(d.version) for d in metadata.distributions()}
    old = [
        f"{wanted} but {installed[name]} is installed"
        for wanted in floor()
        if (name := canonicalize_name(wanted.name)) in installed
        and installed[name] not in wanted.specifier
    ]
    old += [
        f"{wanted} but {file} locks {versions[name]}"
        for file in LOCKS
        for versions in [locked(file)]
        for wanted in floor()
        if (name := canonicalize_name(wanted.name)) in versions
        and Version(versions[name]) not in wanted.specifier
    ]
    assert not old, tree.told("Packages below the security floor", old)


def test_every_package_asked_for_is_on_the_floor_or_needs_no_fix() -> None:
    known = {canonicalize_name(wanted.name) for wanted in floor()}
    gone = sorted(known - locked("requirements.txt").keys())
    assert not gone, tree.told("Lines of security-floor.txt for packages that are not used", gone)


def test_the_lock_files_fix_every_byte_and_name_no_index() -> None:
    for name in LOCKS:
        text = (tree.ROOT / name).read_text(encoding="utf-8")
        entries = re.split(r"\n(?=\S)", text)
        bare = [e.split()[0] for e in entries if "==" in e and "--hash=sha256:" not in e]
        assert not bare, tree.told(f"{name}: packages without a hash", bare)
        assert not re.search(r"://|--index|--find-links|\s@\s", text), f"{name} names an address"


def test_the_packages_of_the_browser_are_fixed_too() -> None:
    packages = json.loads((tree.ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    loose = [name for name, it in packages.items() if name and not it.get("integrity")]
    assert not loose, tree.told("package-lock.json: no integrity", loose)
    assert not [name for name, it in packages.items() if "resolved" in it]
    licences = {n: it.get("license") or TOLD_IN_A_FILE.get(n, "") for n, it in packages.items()}
    unfree = [name for name, licence in licences.items() if not FREE.search(licence)]
    assert not unfree, tree.told("package-lock.json: licence unknown or not compatible", unfree)


def test_what_is_locked_is_what_runs() -> None:
    other = [
        f"{name}: locked {version}, installed {runtime()[name].version}"
        for name, version in locked("requirements.txt").items()
        if runtime()[name].version != version
    ]
    assert not other, tree.told("Installed packages that differ from the lock", other)


def licence_of(distribution: metadata.Distribution) -> str:
    told = distribution.metadata
    classifiers = [c for c in told.get_all("Classifier") or [] if c.startswith("License ::")]
    words = told.get_all("License-Expression") or []
    words += [whole[:200] for whole in told.get_all("License") or []]
    return " | ".join([*words, *classifiers])


def test_every_licence_allows_this_product() -> None:
    unfree = [
        f"{name}: {licence_of(distribution) or 'no licence told'}"
        for name, distribution in runtime().items()
        if not FREE.search(licence_of(distribution))
    ]
    assert not unfree, tree.told("Licences that are unknown or not compatible", unfree)
