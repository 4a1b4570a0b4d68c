"""The unattended work: rating by a policy without a person; the folder watch is furnished by a later issue."""
