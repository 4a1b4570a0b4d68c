"""What the window needs from the system, looked for without loading Qt, which would end the process in its words."""

import ctypes
import os
import shutil
import sys
from collections.abc import Mapping
from typing import Final

from photocull.core.errors import PhotocullError

WINDOW: Final[dict[str, str]] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""What any Qt window loads: file -> Debian's package. A test holds these tables against what Qt's files ask for."""
X11: Final[dict[str, str]] = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What a window under X11 loads besides."""
WAYLAND: Final[dict[str, str]] = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
"""What a window under Wayland loads besides."""


class ScreenError(PhotocullError):
    """No window can be opened on this machine as it is."""


def require_screen(environment: Mapping[str, str] = os.environ) -> None:
    """Check that a window will find a screen and its libraries; systems where Qt brings everything along pass.

    Raises:
        ScreenError: there is no screen, or libraries are missing; the remedy names their packages.
    """
    if not sys.platform.startswith("linux"):
        return
    choices = _choices(environment)
    if not choices:
        remedy = "Start it on a desktop; commands such as 'photocull score' need no screen."
        raise ScreenError("There is no screen here, and the window needs one.", remedy=remedy)
    lacking = [{name: packages[name] for name in packages if not loads(name)} for packages in choices]
    if all(lacking):  # where X11 and Wayland are both there, either will do
        missing = lacking[0]
        raise ScreenError(f"The window needs {', '.join(missing)}.", remedy=f"Install it: {_command(missing)}")


def _choices(environment: Mapping[str, str]) -> list[dict[str, str]]:
    if environment.get("QT_QPA_PLATFORM"):
        return [WINDOW]
    systems = (("DISPLAY", X11), ("WAYLAND_DISPLAY", WAYLAND))
    return [WINDOW | packages for variable, packages in systems if environment.get(variable)]


def loads(library: str) -> bool:
    """Whether the system's linker finds this library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _command(missing: Mapping[str, str]) -> str:
    if shutil.which("dnf"):
        return "sudo dnf install " + " ".join(f"'{library}()(64bit)'" for library in sorted(missing))
    packages = " ".join(sorted(set(missing.values())))
    return f"sudo apt install {packages}" if shutil.which("apt") else f"the packages that Debian calls {packages}"
