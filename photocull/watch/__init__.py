"""The unattended folder watch; this room is furnished by a later issue."""
