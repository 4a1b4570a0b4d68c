"""What this machine has: an NVIDIA card for PyTorch, the system's libraries and a screen for the window."""

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from typing import Final

WINDOW: Final[dict[str, tuple[str, str]]] = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libX11.so.6": ("libx11-6", "libX11"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libz.so.1": ("zlib1g", "zlib"),
    "libzstd.so.1": ("libzstd1", "libzstd"),
}
"""What any Qt window loads: file -> Debian's package, Fedora's package."""
X11: Final[dict[str, tuple[str, str]]] = {
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxcb.so.1": ("libxcb1", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
}
"""What a window under X11 loads besides."""
WAYLAND: Final[dict[str, tuple[str, str]]] = {
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor"),
}
"""What a window under Wayland loads besides."""


def has_nvidia_card() -> bool:
    """Whether PyTorch would find a card: the package index has it with CUDA for this one kind of machine."""
    command = shutil.which("nvidia-smi") if sys.platform == "linux" and platform.machine() == "x86_64" else None
    if command is None:
        return False
    try:
        answer = subprocess.run(
            [command, "-L"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return "GPU " in answer.stdout


def window_hints() -> list[str]:
    """Sentences on what the window will miss; empty where all is there, and where this cannot be told."""
    if sys.platform != "linux":
        return []
    needed = dict(WINDOW)
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if not chosen:
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            return ["There is no screen here, and the window needs one; the commands, such as 'score', do not."]
        needed |= WAYLAND if os.environ.get("WAYLAND_DISPLAY") else X11
    missing = [packages for name, packages in needed.items() if not _loads(name)]
    return [_remedy(missing)] if missing else []


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _remedy(missing: list[tuple[str, str]]) -> str:
    debian, fedora = (" ".join(sorted({names[i] for names in missing})) for i in (0, 1))
    command = f"sudo dnf install {fedora}" if shutil.which("dnf") else f"sudo apt install {debian}"
    if not (shutil.which("dnf") or shutil.which("apt")):
        command = f"the packages that Debian calls {debian}"
    return f"The window needs parts of the system that are missing. Install them: {command}"
