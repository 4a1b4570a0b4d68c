"""Ratings as other programs read and write them (XMP): parse, understand, edit only our own bytes, write atomically.

file --document.parse--> Document: properties with their places
   --dialects.statements--> what each program's properties say --merge.merged--> one word a field, or a dispute
marks and scores --rules.wishes--> wanted properties --editing.edited--> bytes --writing.replace_file--> file
Which files those are: `naming`. When it happens: `pipeline.hearing` and `pipeline.telling`.
"""
