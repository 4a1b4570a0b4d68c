"""The unattended folder watch: events or looking again and again, what has come to rest, scored, rated, told.

What is heard of a folder is a hint and may be wrong or lost; what lies there is what a scan finds.
"""
