"""Ratings as other programs read and write them (XMP); this room is furnished by a later issue."""
