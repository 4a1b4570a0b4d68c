"""What this machine has that decides on packages: an NVIDIA card."""

import platform
import shutil
import subprocess
import sys


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
