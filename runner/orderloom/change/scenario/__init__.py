"""Tests of a flow: a scenario file in; each case played in a closed world, and judged, out.

Opener().open(file)             what the file says, the flow that it tests, and every finding about it
play(flow, case, folders)       one case: the run as far as it went, or why it stopped
judge(played)                   where it is not as the case expects
Suite().run(files)              all of that for many files, and the branches that they took
"""
