"""The embedded cloud: an emulator of AWS on this machine, in a process and an environment of its own.

`cloud` is its face.  `overlay` is what the process runs; the rest installs, starts, finds and ends it.
"""
